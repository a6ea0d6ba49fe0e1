"""What labour inspection looks into and what is being decided exclude each other (劳动保障监察条例 art. 21)."""

from __future__ import annotations

import asyncio
from typing import Any

from services.complaints.procedures.documents import ClaimProcedures
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.ids import new_id
from tests.harness import Harness
from tests.integration.complaints.course import Course, course
from tests.integration.complaints.disputes.matters import HERE, Matter, in_arbitration, opened, today


async def answered(complaints: Harness, worker_id: str, **changes: Any) -> Matter:
    """A dispute that may go to arbitration now."""
    matter = await opened(complaints, worker_id, **changes)
    assert await matter.step(matter.platform, "answer") == 200
    return matter


async def status_of_acceptance(case: Course) -> int:
    path = f"/v1/cases/{case.case_id}"
    etag = (await case.complaints.http.get(path, headers=case.handler)).headers["etag"]
    headers = {**case.handler, "If-Match": etag}
    return (await case.complaints.http.post(f"{path}/acceptance", headers=headers)).status_code


async def test_inspection_of_the_same_matter_comes_first(complaints: Harness, offices: Any) -> None:
    worker_id = f"w-{new_id()}"
    complaint = {"category": "late_pay", "text": "拖欠", "district": HERE, "occurred_on": str(today())}
    headers = complaints.headers("worker", worker_id=worker_id)
    case = (await complaints.http.post("/v1/cases", json=complaint, headers=headers)).json()
    path = f"/v1/cases/{case['case_id']}/acceptance"
    assert (await complaints.http.post(path, headers=offices["hrss"])).status_code == 200
    matter = await opened(complaints, worker_id, case_id=case["case_id"])
    await matter.step(matter.platform, "answer")
    assert await matter.step(matter.worker, "apply") == 409


async def test_a_complaint_of_what_is_in_arbitration_is_refused(complaints: Harness, offices: Any) -> None:
    worker_id = f"w-{new_id()}"
    matter = await in_arbitration(complaints, offices["hrss"], worker_id=worker_id)
    case = await course(complaints, worker_id, category="short_pay")
    refused = await case.do("acceptance", case.handler, expect=409)
    assert (refused["type"], refused["dispute_id"]) == ("/problems/dispute-runs", matter.id)
    other = await course(complaints, worker_id, category="social_insurance")
    await other.do("acceptance", other.handler)
    assert await matter.step(matter.worker, "leave") == 200
    await case.do("acceptance", case.handler)


async def test_what_is_awarded_first_is_excluded_alone(complaints: Harness, offices: Any) -> None:
    claims = [{"kind": "pay", "known_on": "2026-08-03"}, {"kind": "contract", "known_on": "2026-08-03"}]
    matter = await in_arbitration(complaints, offices["hrss"], claims=claims)
    assert await matter.step(offices["hrss"], "award_part", awards={"1": "5400.00"}) == 200
    part = (await matter.http.get("/v1/disputes?state=awarded_finally", headers=matter.worker)).json()["items"][0]
    pay, contract = [await course(complaints, matter.worker_id, category=one) for one in ("late_pay", "no_contract")]
    refused = [(await one.do("acceptance", one.handler, expect=409))["dispute_id"] for one in (pay, contract)]
    assert refused == [part["dispute_id"], matter.id]
    assert await matter.step(matter.worker, "leave") == 200
    await pay.do("acceptance", pay.handler, expect=409)
    await contract.do("acceptance", contract.handler)


async def test_a_dispute_waits_for_a_complaint_it_does_not_name(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    case = await course(complaints, worker_id)
    await case.do("acceptance", case.handler)
    matter = await answered(complaints, worker_id)
    assert await matter.step(matter.worker, "apply") == 409
    rest = await answered(complaints, worker_id, claims=[{"kind": "dismissal", "known_on": "2026-08-03"}])
    assert await rest.step(rest.worker, "apply") == 200
    await case.looked_into()
    assert await matter.step(matter.worker, "apply") == 409
    await case.served()
    assert await matter.step(matter.worker, "apply") == 200


async def test_of_both_at_one_moment_one_goes_on(complaints: Harness) -> None:
    for _ in range(3):
        worker_id = f"w-{new_id()}"
        case, matter = await course(complaints, worker_id), await answered(complaints, worker_id)
        statuses = await asyncio.gather(status_of_acceptance(case), matter.step(matter.worker, "apply"))
        assert sorted(statuses) == [200, 409]


async def test_nobody_hears_of_a_complaint_in_confidence(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    case = await course(complaints, worker_id, confidential=True)
    await case.do("acceptance", case.handler)
    matter = await answered(complaints, worker_id, relation="partial")
    assert await matter.step(matter.worker, "sue") == 409
    assert await matter.step(matter.platform, "sue") == 200


async def test_who_joins_has_no_dispute_of_their_own(complaints: Harness, offices: Any) -> None:
    case = await course(complaints, f"w-{new_id()}")
    await case.do("acceptance", case.handler)
    matter = await in_arbitration(complaints, offices["hrss"])
    await case.do("members", case.handler, {"worker_id": matter.worker_id}, expect=409)
    joining = f"w-{new_id()}"
    await case.do("members", case.handler, {"worker_id": joining})
    own = await answered(complaints, joining)
    assert await own.step(own.worker, "apply") == 409


async def test_one_of_several_holds_no_complaint_up(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    case = await course(complaints, f"w-{new_id()}")
    await case.do("members", case.handler, {"worker_id": matter.worker_id})
    await case.do("acceptance", case.handler)


async def test_claims_go_along_with_a_merger_and_an_erasure(complaints: Harness) -> None:
    kept, merged = f"w-{new_id()}", f"w-{new_id()}"
    case = await course(complaints, merged)
    await case.do("acceptance", case.handler)
    await complaints.publish(WorkerMerged(worker_id=kept, merged_worker_id=merged))
    await complaints.settled()
    matter = await answered(complaints, kept)
    assert await matter.step(matter.worker, "apply") == 409
    await complaints.publish(WorkerErased(worker_id=kept))
    await complaints.settled()
    assert await ClaimProcedures.find({"worker_id": {"$in": [kept, merged]}}).to_list() == []

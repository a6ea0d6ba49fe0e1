"""What labour inspection looks into and what arbitration or a court decides exclude each other (劳动保障监察条例 art. 21)."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from services.complaints.cases.documents import Case
from services.complaints.cases.rules import INVESTIGATED
from services.complaints.disputes.documents import Dispute
from services.complaints.disputes.rules import claim_keys
from services.complaints.disputes.state_rules import DECIDING, MOVES, WHO, Move
from services.complaints.procedures.documents import ClaimProcedures
from shared.contracts.complaints import CaseClosed, InquiryEnded, ReporterTold
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.ids import new_id
from tests.harness import Harness
from tests.integration.complaints.course import Course, course
from tests.integration.complaints.disputes.matters import Matter, in_arbitration, joined, opened, today


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


async def test_who_goes_to_arbitration_ends_the_investigation(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    case = await course(complaints, worker_id)
    await case.do("acceptance", case.handler)
    rest = await answered(complaints, worker_id, claims=[{"kind": "dismissal", "known_on": "2026-08-03"}])
    assert await rest.step(rest.worker, "apply") == 200
    assert (await case.read(case.worker))["state"] == "accepted"
    inquiry_id = await case.looked_into()
    matter = await answered(complaints, worker_id)
    assert await matter.step(matter.worker, "apply") == 200
    read = await case.read(case.worker)
    assert (read["state"], read["ending"], read["due_on"]) == ("closed", "to_dispute", None)
    assert "仲裁" in read["reply_zh"]
    told = await complaints.told(CaseClosed)
    assert [(one.worker_id, one.reason) for one in told if one.case_id == case.case_id] == [(worker_id, "to_dispute")]
    assert [one.inquiry_id for one in await complaints.told(InquiryEnded)].count(inquiry_id) == 1
    proposal = {"outcome": "order", "grounds_zh": "拖欠属实。", "letter_zh": "责令支付。"}
    await case.do("decisions", case.handler, proposal, expect=409)


async def test_a_case_goes_on_when_arbitration_does_not(complaints: Harness) -> None:
    case = await course(complaints, f"w-{new_id()}")
    await case.investigated()
    proposal = {"outcome": "order", "grounds_zh": "拖欠属实。", "letter_zh": "责令支付。"}
    await case.do("decisions", case.handler, proposal, expect=201)
    matter = await answered(complaints, (await case.read(case.worker))["worker_id"])
    assert await matter.step(matter.worker, "apply") == 200
    await case.do("reopening", case.worker, {"reason": "仲裁不受理"})
    await case.do("acceptance", case.handler, expect=409)
    assert await matter.step(matter.worker, "leave") == 200
    assert (await case.read(case.worker))["ending"] is None
    await case.decided()


async def test_what_is_decided_stays_decided(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    case = await course(complaints, worker_id)
    await case.decided()
    matter = await answered(complaints, worker_id)
    assert await matter.step(matter.worker, "apply") == 200
    assert (await case.read(case.worker))["state"] == "decided"


async def test_at_one_moment_the_dispute_goes_on_alone(complaints: Harness) -> None:
    for _ in range(3):
        worker_id = f"w-{new_id()}"
        case, matter = await course(complaints, worker_id), await answered(complaints, worker_id)
        accepted, applied = await asyncio.gather(status_of_acceptance(case), matter.step(matter.worker, "apply"))
        assert applied == 200
        state = (await case.read(case.worker))["state"]
        assert (accepted, state) in ((200, "closed"), (409, "opened"))


async def test_nobody_hears_of_a_complaint_in_confidence(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    case = await course(complaints, worker_id, confidential=True)
    await case.do("acceptance", case.handler)
    inquiry_id = await case.looked_into()
    matter = await answered(complaints, worker_id, relation="partial")
    for who, shown in ((matter.worker, 1), (matter.platform, 0)):
        assert len((await matter.read(who)).json()["inspections"]) == shown
    assert await matter.step(matter.platform, "sue") == 200
    assert (await case.read(case.worker))["ending"] == "to_dispute"
    assert (await case.read(case.handler))["disputes"] == [{"dispute_id": None, "stage": "decided"}]
    assert "closed" in [one.news for one in await complaints.told(ReporterTold) if one.worker_id == worker_id]
    assert inquiry_id not in [one.inquiry_id for one in await complaints.told(InquiryEnded)]
    assert all(one.worker_id is None for one in await complaints.told(CaseClosed) if one.case_id == case.case_id)


async def test_an_enterprise_ends_no_open_investigation(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    case = await course(complaints, worker_id)
    await case.do("acceptance", case.handler)
    matter = await answered(complaints, worker_id, relation="partial")
    assert await matter.step(matter.platform, "sue") == 409
    assert (await case.read(case.worker))["state"] == "accepted"


async def test_mediation_keeps_a_new_complaint_back(complaints: Harness, offices: Any) -> None:
    worker_id = f"w-{new_id()}"
    case, matter = await course(complaints, worker_id), await opened(complaints, worker_id)
    assert await matter.step(matter.worker, "mediate", forum="people") == 200
    read = await case.read(case.handler)
    assert read["disputes"] == [{"dispute_id": matter.id, "stage": "mediated"}]
    assert read["proposed"] == "to_dispute"
    await case.do("acceptance", case.handler, expect=409)
    assert await matter.step(matter.worker, "fail") == 200
    assert (await case.read(case.handler))["disputes"] == []
    await case.do("acceptance", case.handler)


async def test_who_joins_a_mediation_is_in_it(complaints: Harness) -> None:
    matter = await opened(complaints)
    assert await matter.step(matter.worker, "mediate", forum="people") == 200
    joining = f"w-{new_id()}"
    await joined(matter, joining)
    case = await course(complaints, joining)
    await case.do("acceptance", case.handler, expect=409)


async def test_mediation_begun_later_ends_no_investigation(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    case = await course(complaints, worker_id)
    await case.do("acceptance", case.handler)
    matter = await opened(complaints, worker_id)
    assert await matter.step(matter.worker, "mediate", forum="people") == 200
    assert (await case.read(case.worker))["state"] == "accepted"
    number = (await case.read(case.worker))["number"]
    assert matter.shown["inspections"] == [{"case_id": case.case_id, "number": number}]
    assert (await matter.read(matter.platform)).json()["inspections"] == []


async def test_mediation_of_no_labour_dispute_excludes_nothing(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    case, matter = await course(complaints, worker_id), await opened(complaints, worker_id, relation="self_employed")
    assert await matter.step(matter.worker, "mediate", forum="people") == 200
    await case.do("acceptance", case.handler)
    assert (await case.read(case.handler))["disputes"] == [{"dispute_id": matter.id, "stage": "mediated"}]


async def test_a_complaint_names_its_enterprise_first(complaints: Harness) -> None:
    case = await course(complaints, f"w-{new_id()}", platform=None)
    refused = await case.do("acceptance", case.handler, expect=409)
    assert refused["type"] == "/problems/no-enterprise"


async def test_who_joins_has_no_dispute_of_their_own(complaints: Harness, offices: Any) -> None:
    case = await course(complaints, f"w-{new_id()}")
    await case.do("acceptance", case.handler)
    matter = await in_arbitration(complaints, offices["hrss"])
    await case.do("members", case.handler, {"worker_id": matter.worker_id}, expect=409)


async def test_of_several_the_others_go_on(complaints: Harness) -> None:
    first, joining = f"w-{new_id()}", f"w-{new_id()}"
    case = await course(complaints, first)
    await case.do("acceptance", case.handler)
    await case.do("members", case.handler, {"worker_id": joining})
    for one, state in ((joining, "accepted"), (first, "closed")):
        own = await answered(complaints, one)
        assert await own.step(own.worker, "apply") == 200
        assert (await case.read(case.worker))["state"] == state


async def test_one_of_several_holds_no_complaint_up(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    case = await course(complaints, f"w-{new_id()}")
    await case.do("members", case.handler, {"worker_id": matter.worker_id})
    await case.do("acceptance", case.handler)
    await alone(matter.worker_id)


async def test_a_merger_lets_the_dispute_go_on_alone(complaints: Harness) -> None:
    kept, merged = f"w-{new_id()}", f"w-{new_id()}"
    case, matter = await course(complaints, merged), await answered(complaints, kept)
    await case.do("acceptance", case.handler)
    assert await matter.step(matter.worker, "apply") == 200
    await complaints.publish(WorkerMerged(worker_id=kept, merged_worker_id=merged))
    await complaints.settled()
    assert (await case.read(matter.worker))["ending"] == "to_dispute"
    await alone(kept, merged)


async def test_claims_go_along_with_a_merger_and_an_erasure(complaints: Harness) -> None:
    kept, merged = f"w-{new_id()}", f"w-{new_id()}"
    case = await course(complaints, merged)
    await case.do("acceptance", case.handler)
    await complaints.publish(WorkerMerged(worker_id=kept, merged_worker_id=merged))
    await complaints.settled()
    assert [row.inspections for row in await ClaimProcedures.find({"worker_id": kept}).to_list()] == [[case.case_id]]
    await complaints.publish(WorkerErased(worker_id=kept))
    await complaints.settled()
    assert await ClaimProcedures.find({"worker_id": {"$in": [kept, merged]}}).to_list() == []


@pytest.mark.parametrize("seed", range(4))
async def test_no_order_of_steps_lets_two_decide(complaints: Harness, offices: Any, seed: int) -> None:
    """Whatever the parties and the bodies do, in whatever order: a claim is decided in one procedure at a time."""
    chance, worker_id = random.Random(seed), f"w-{new_id()}"
    category = chance.choice(["late_pay", "rest"])
    kinds = {"late_pay": ["pay"], "rest": ["rest", "working_time"]}[category]
    cases = [await course(complaints, worker_id, category=category, confidential=one) for one in (False, True)]
    matters = [
        await opened(
            complaints, worker_id, relation=one, claims=[{"kind": chance.choice(kinds), "known_on": f"{today()}"}]
        )
        for one in ("employment", "partial", "employment")
    ]
    for _ in range(50):
        if chance.random() < 0.4:
            await bring_on(chance.choice(cases))
        else:
            matter = chance.choice(matters)
            possible: list[Move] = [move for state, move in MOVES if state == matter.state and move in _STEPS]
            what: Move = chance.choice(possible) if possible else "leave"
            sides = {"worker": matter.worker, "enterprise": matter.platform, "forum": offices["hrss"]}
            if matter.state in ("court_filed", "court", "setting_aside"):
                sides["forum"] = offices["court"]
            await matter.step(sides[chance.choice(sorted(WHO[what]))], what, **_STEPS[what])
        await alone(worker_id)
        await as_they_stand(worker_id)


_STEPS: dict[Move, dict[str, Any]] = {
    "answer": {}, "fail": {}, "apply": {}, "accept": {}, "refuse": {}, "leave": {}, "sue": {}, "ask_to_set_aside": {},
    "reject": {}, "set_aside": {}, "mediate": {"forum": "people"}, "award": {"awards": {"1": "1.00"}, "final": False},
}  # fmt: skip
"""The steps of a dispute that such a course is made of."""


async def bring_on(case: Course) -> None:
    """Have a case accepted, or opened again where it is over; either may be refused."""
    over = (await case.read(case.worker))["state"] == "closed"
    path, who = f"/v1/cases/{case.case_id}", case.worker if over else case.handler
    headers = {**who, "If-Match": (await case.complaints.http.get(path, headers=who)).headers["etag"]}
    what, body = ("reopening", {"reason": "仍未支付"}) if over else ("acceptance", None)
    await case.complaints.http.post(f"{path}/{what}", json=body, headers=headers)


async def alone(*workers: str) -> None:
    for row in await ClaimProcedures.find({"worker_id": {"$in": [*workers]}}).to_list():
        assert not (row.inspections and row.disputes), row


async def as_they_stand(worker_id: str) -> None:
    """What is kept of a person's claims is what their cases and disputes say of themselves."""
    rows = await ClaimProcedures.find({"worker_id": worker_id}).to_list()
    cases = await Case.find({"worker_id": worker_id, "state": {"$in": [*INVESTIGATED]}}).to_list()
    assert {one for row in rows for one in row.inspections} == {case.id for case in cases}
    disputes = await Dispute.find({"workers": worker_id, "state": {"$in": [*DECIDING]}}).to_list()
    assert {one for row in rows for one in row.disputes} == {dispute.id for dispute in disputes}
    keys = [key for dispute in disputes for key in claim_keys(dispute.claimed, dispute.enterprises)]
    assert len(keys) == len({*keys}), "a claim is decided in two disputes"

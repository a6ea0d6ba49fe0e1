"""An enterprise applies for arbitration against a worker, and takes it back."""

from __future__ import annotations

from typing import Any

import pytest

from services.complaints.disputes.documents import Dispute
from services.complaints.parties.documents import Engagement
from services.complaints.terms.documents import Term
from shared.contracts.complaints import DisputeOverdue, DisputeStepped
from shared.ids import new_id
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.complaints.disputes.matters import HERE, OTHER, Matter, days_on, engaged, opened
from tests.integration.complaints.facts import PLATFORM

CLAIM = {"kind": "damages", "known_on": "2026-08-03", "amount": "800.00"}


async def filed(complaints: Harness, worker_id: str, uscc: str = PLATFORM, **changes: Any) -> Any:
    body = {
        "worker_ref": f"ref-of-{worker_id}",
        "relation": "employment",
        "district": HERE,
        "text": "请求赔偿因违反保密义务造成的损失。",
        "claims": [CLAIM],
    }
    headers = complaints.headers("platform", uscc=uscc)
    return await complaints.http.post("/v1/disputes/applications", json=body | changes, headers=headers)


async def applied(complaints: Harness, worker_id: str | None = None) -> Matter:
    worker_id = worker_id or f"w-{new_id()}"
    await engaged(complaints, worker_id)
    answer = await filed(complaints, worker_id)
    assert answer.status_code == 201, answer.text
    return Matter(complaints, worker_id, answer.json())


async def test_an_enterprise_files_and_the_worker_answers(complaints: Harness, offices: Any) -> None:
    matter = await applied(complaints)
    hrss = offices["hrss"]
    assert (matter.state, matter.shown["applicant"]) == ("filed", "enterprise")
    assert matter.shown["workers"] == [matter.shown["claims"][0]["worker_id"]] == [f"ref-of-{matter.worker_id}"]
    told = [one for one in await complaints.told(DisputeStepped) if one.dispute_id == matter.id]
    assert [(one.step, one.worker_id, one.applicant) for one in told] == [("apply", matter.worker_id, "enterprise")]
    assert await matter.step(matter.worker, "leave") == 403
    assert await matter.step(hrss, "accept") == 200
    assert await matter.step(hrss, "serve") == 200
    assert await matter.step(matter.platform, "defend") == 403
    assert await matter.step(matter.worker, "defend", text="未违反保密义务") == 200
    assert await matter.step(hrss, "award", awards={"1": "100.00"}) == 200
    assert matter.state == "awarded"
    assert {*matter.shown["sue_by"]} == {"worker", "enterprise"}
    assert await matter.step(matter.platform, "sue") == 200


async def term_states(matter: Matter, step: str) -> list[str]:
    return [one.state for one in await find(Term, {"matter_id": matter.id, "step": step})]


async def test_a_third_party_defends_beside_the_worker(complaints: Harness, offices: Any) -> None:
    """Its own answer meets no term of the worker's, and is copied to who applied as any other (劳动争议调解仲裁法 art. 23, 30)."""
    matter, hrss = await applied(complaints), offices["hrss"]
    third = bearer("platform", uscc=OTHER)
    for step in ("accept", "serve"):
        assert await matter.step(hrss, step) == 200
    assert (await matter.send(hrss, "parties", {"enterprise": OTHER, "role": "third_party"})).status_code == 200
    assert await matter.step(third, "defend", text="与本单位无关") == 200
    assert await matter.step(matter.platform, "defend", text="不是被申请人") == 403
    dispute = await Dispute.of(matter.id)
    assert dispute is not None
    assert (dispute.entries[-1].party, dispute.added[0].answered_on) == (OTHER, dispute.stepped_on)
    assert (await term_states(matter, "defence"), await term_states(matter, "copy_defence")) == (
        ["running"],
        ["running"],
    )
    assert await matter.step(matter.worker, "defend", text="未违反保密义务") == 200
    assert await term_states(matter, "defence") == ["met"]
    assert await matter.step(hrss, "copy_defence") == 200
    assert await matter.step(third, "sue") == 403


async def test_an_application_is_taken_back_and_filed_again(complaints: Harness, offices: Any) -> None:
    matter = await applied(complaints)
    assert (await filed(complaints, matter.worker_id)).json()["type"].endswith("/claim-elsewhere")
    assert await matter.step(offices["hrss"], "accept") == 200
    assert await matter.step(matter.platform, "leave") == 200
    assert matter.state == "open"
    assert await matter.step(matter.worker, "apply") == 403
    assert (await filed(complaints, matter.worker_id)).status_code == 201
    assert await matter.step(matter.platform, "apply") == 409
    assert await matter.step(matter.platform, "withdraw") == 200


async def test_an_enterprises_claim_is_not_the_workers(complaints: Harness, offices: Any) -> None:
    """The worker brings their own of the same kind and day, and nobody joins what is against another."""
    matter = await applied(complaints)
    own = await opened(complaints, matter.worker_id, claims=[CLAIM])
    assert await own.step(own.platform, "answer") == 200
    assert await own.step(own.worker, "apply") == 200
    assert await matter.step(matter.platform, "leave") == 200
    other = f"w-{new_id()}"
    await engaged(complaints, other)
    body = {"number": matter.shown["number"], "claims": [CLAIM]}
    joining = await complaints.http.post(
        "/v1/disputes/joining", json=body, headers=complaints.headers("worker", worker_id=other)
    )
    assert joining.status_code == 404


@pytest.mark.parametrize("who", ["a stranger", "a wrong reference", "no labour relation"])
async def test_an_application_is_against_an_own_employee(complaints: Harness, who: str) -> None:
    worker_id = f"w-{new_id()}"
    await engaged(complaints, worker_id)
    if who == "a stranger":
        answer = await filed(complaints, worker_id, OTHER, platform=PLATFORM)
    elif who == "a wrong reference":
        answer = await filed(complaints, f"w-{new_id()}")
    else:
        answer = await filed(complaints, worker_id, relation="self_employed")
    assert answer.status_code == (422 if who == "no labour relation" else 404)


async def test_a_partner_applies_against_who_works_for_it(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    await engaged(complaints, worker_id)
    answer = await filed(complaints, worker_id, OTHER, platform=PLATFORM)
    assert answer.status_code == 404

    async def employ(tx: Transaction) -> None:
        (engagement,) = await tx.find(Engagement, {"worker_id": worker_id})
        engagement.partner = OTHER
        await engagement.put(tx)

    await transact(employ)
    answer = await filed(complaints, worker_id, OTHER, platform=PLATFORM)
    assert answer.json()["enterprises"] == [OTHER]
    seen = await complaints.http.get(
        f"/v1/disputes/{answer.json()['dispute_id']}", headers=bearer("platform", uscc=PLATFORM)
    )
    assert seen.status_code == 404


async def test_the_enterprise_sues_where_arbitration_is_late(complaints: Harness, offices: Any) -> None:
    matter = await applied(complaints)
    await matter.later(25)
    late = [one for one in await complaints.told(DisputeOverdue) if one.dispute_id == matter.id]
    assert [(one.step, one.applicant) for one in late] == [("accept", "enterprise")]
    with days_on(25):
        assert await matter.step(matter.worker, "sue") == 403
        assert await matter.step(matter.platform, "sue") == 200
    assert matter.state == "court_filed"

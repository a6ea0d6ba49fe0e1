"""A respondent applies against who applied: decided on in days, answered, awarded with the application, and alone where that goes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest

from services.complaints.disputes.documents import Dispute
from services.complaints.terms.documents import Term
from shared.contracts.complaints import DisputeStepped
from shared.contracts.registry import WorkerErased
from shared.ids import new_id
from shared.storage.records import find
from tests.harness import Harness, bearer
from tests.integration.complaints.disputes.matters import (
    OTHER,
    Matter,
    days_on,
    engaged,
    in_arbitration,
    joined,
    office,
    opened,
    today,
)
from tests.integration.complaints.disputes.test_enterprise_applications import applied, filed

CLAIM = {"kind": "damages", "known_on": "2026-08-03", "amount": "800.00"}
COUNTER = {"text": "请求赔偿因违反保密义务造成的损失。", "claims": [CLAIM]}


async def served(complaints: Harness, by: dict[str, str], **changes: Any) -> Matter:
    matter = await in_arbitration(complaints, by, **changes)
    assert await matter.step(by, "serve") == 200
    return matter


async def counter(matter: Matter, by: dict[str, str] | None = None, **changes: Any) -> httpx2.Response:
    return await matter.send(by or matter.platform, "counter-applications", COUNTER | changes)


async def decide(matter: Matter, by: dict[str, str], outcome: str, number: str = "1", **more: Any) -> httpx2.Response:
    return await matter.send(by, f"counter-applications/{number}/decision", {"outcome": outcome} | more)


async def countered(complaints: Harness, by: dict[str, str]) -> Matter:
    """A dispute of a worker with a counter-application that is tried with it."""
    matter = await served(complaints, by)
    assert (await counter(matter)).status_code == 200
    assert (await decide(matter, by, "accepted")).status_code == 200
    return matter


async def told(matter: Matter) -> list[tuple[str, str]]:
    found = [one for one in await matter.complaints.told(DisputeStepped) if one.dispute_id == matter.id]
    return [(one.step, one.worker_id) for one in found if one.step.startswith("counter")]


async def terms(matter: Matter, step: str) -> list[tuple[str, dt.date]]:
    rows = await find(Term, {"matter_kind": "dispute", "matter_id": matter.id})
    return [(one.state, one.begun_on) for one in sorted(rows, key=lambda one: one.id) if one.step == step]


async def test_a_counter_application_has_its_part_in_the_award(complaints: Harness, offices: Any) -> None:
    matter, hrss = await served(complaints, offices["hrss"]), offices["hrss"]
    assert (await counter(matter, matter.worker)).status_code == 403
    assert (await counter(matter)).status_code == 200
    assert await terms(matter, "counter_accept") == [("running", today())]
    (further,) = matter.shown["further"]
    assert (further["state"], further["claims"][0]["kind"], further["text"]) == ("filed", "damages", COUNTER["text"])
    assert [one["kind"] for one in matter.shown["claims"]] == ["pay"]
    assert await matter.step(hrss, "award", awards={"1": "100.00"}) == 409
    assert await matter.step(hrss, "settle", text="调解") == 409
    assert (await decide(matter, hrss, "accepted")).status_code == 200
    assert (await decide(matter, hrss, "accepted")).status_code == 409
    assert await terms(matter, "counter_accept") == [("met", today())]
    (further,) = matter.shown["further"]
    assert (further["state"], further["taken"], further["claims"]) == ("accepted", ["2"], [])
    assert dt.date.fromisoformat(further["answer_by"]) > today() + dt.timedelta(days=9)
    answer = f"counter-applications/{further['counter_id']}/answer"
    assert (await matter.send(matter.platform, answer, {"text": "不同意"})).status_code == 403
    assert (await matter.send(matter.worker, answer, {"text": "未违反保密义务"})).status_code == 200
    assert await matter.step(hrss, "award", awards={"1": "100.00"}) == 422
    assert await matter.step(hrss, "award", awards={"1": "100.00", "2": "50.00"}) == 200
    assert [(one["applicant"], one["awarded"]) for one in matter.shown["claims"]] == [
        ("worker", "100.00"),
        ("enterprise", "50.00"),
    ]
    assert matter.state == "awarded"  # an enterprise's claim on money: both sides may sue
    assert [step for step, _ in await told(matter)] == ["counter_apply", "counter_accept", "counter_defend"]
    assert await matter.step(matter.platform, "sue") == 200
    assert await matter.step(matter.worker, "sue") == 200


async def test_the_worker_answers_with_claims_of_their_own(complaints: Harness, offices: Any) -> None:
    matter, hrss = await applied(complaints), offices["hrss"]
    assert await matter.step(hrss, "accept") == 200
    assert await matter.step(hrss, "serve") == 200
    assert (await counter(matter)).status_code == 403
    assert (await counter(matter, matter.worker, claims=[CLAIM | {"kind": "pay"}])).status_code == 200
    own = await opened(complaints, matter.worker_id, claims=[CLAIM | {"kind": "pay"}])
    assert await own.step(own.platform, "answer") == 200
    assert await own.step(own.worker, "apply") == 409
    assert (await decide(matter, hrss, "accepted")).status_code == 200
    answered = await matter.send(matter.platform, "counter-applications/1/answer", {"text": "已付清"})
    assert answered.status_code == 200
    assert await matter.step(hrss, "award", awards={"1": "0.00", "2": "300.00"}) == 200
    assert [one["bound"] for one in matter.shown["claims"]] == [[], matter.shown["enterprises"]]


async def test_a_late_counter_application_is_filed_apart(complaints: Harness, offices: Any) -> None:
    matter = await served(complaints, offices["hrss"])
    with days_on(25):
        late = await counter(matter)
        assert late.json()["type"].endswith("/counter-late")
        await engaged(complaints, matter.worker_id)
        assert (await filed(complaints, matter.worker_id, claims=[CLAIM])).status_code == 201


async def test_a_counter_claim_is_in_one_procedure(complaints: Harness, offices: Any) -> None:
    """From when it is filed on, until it is taken back or not taken up; the same may then be brought elsewhere."""
    matter, hrss = await served(complaints, offices["hrss"]), offices["hrss"]
    await engaged(complaints, matter.worker_id)
    assert (await counter(matter)).status_code == 200
    assert (await filed(complaints, matter.worker_id)).json()["type"].endswith("/claim-elsewhere")
    assert (await decide(matter, hrss, "apart")).status_code == 422
    assert (await decide(matter, hrss, "apart", text="不是同一争议")).status_code == 200
    assert matter.shown["further"][0]["state"] == "apart"
    other = await filed(complaints, matter.worker_id)
    assert other.status_code == 201
    assert (await counter(matter)).json()["type"].endswith("/claim-elsewhere")


async def test_a_counter_application_is_taken_back(complaints: Harness, offices: Any) -> None:
    matter = await countered(complaints, offices["hrss"])
    path = "counter-applications/1/withdrawal"
    assert (await matter.send(matter.worker, path, {})).status_code == 403
    assert (await matter.send(matter.platform, path, {"text": "不再主张"})).status_code == 200
    assert [one["kind"] for one in matter.shown["claims"]] == ["pay"]
    assert matter.shown["further"][0]["state"] == "withdrawn"
    await engaged(complaints, matter.worker_id)
    assert (await filed(complaints, matter.worker_id)).status_code == 201
    assert await matter.step(offices["hrss"], "award", awards={"1": "100.00"}) == 200
    assert matter.state == "awarded_finally"


async def test_what_is_refused_goes_to_court(complaints: Harness, offices: Any) -> None:
    matter = await served(complaints, offices["hrss"])
    assert (await counter(matter)).status_code == 200
    assert (await decide(matter, offices["hrss"], "refused", text="不属于受理范围")).status_code == 200
    (further,) = matter.shown["further"]
    assert (further["state"], len(matter.shown["claims"])) == ("refused", 1)
    assert await terms(matter, "counter_accept") == [("met", today())]
    seen = await complaints.http.get(f"/v1/disputes/{further['became']}", headers=matter.platform)
    own = Matter(complaints, matter.worker_id, seen.json())
    assert (own.state, own.shown["applicant"], own.shown["text"]) == ("refused", "enterprise", COUNTER["text"])
    assert await own.step(own.worker, "sue") == 403
    assert await own.step(own.platform, "sue") == 200
    assert await matter.step(offices["hrss"], "award", awards={"1": "100.00"}) == 200


async def test_a_counter_application_outlives_the_application(complaints: Harness, offices: Any) -> None:
    matter, hrss = await countered(complaints, offices["hrss"]), offices["hrss"]
    assert await matter.step(matter.worker, "leave") == 200
    assert (matter.state, matter.shown["applicant"]) == ("arbitration", "enterprise")
    assert [one["kind"] for one in matter.shown["claims"]] == ["damages"]
    listed = await complaints.http.get("/v1/disputes", headers=matter.worker)
    (part,) = [one for one in listed.json()["items"] if one["dispute_id"] != matter.id]
    assert (part["state"], part["applicant"]) == ("open", "worker")
    left = Matter(complaints, matter.worker_id, part)
    assert await left.step(left.worker, "apply") == 200
    assert await matter.step(matter.worker, "leave") == 403
    assert await matter.step(hrss, "award", awards={"2": "10.00"}) == 200
    assert matter.state == "awarded"


async def test_a_suit_leaves_no_counter_waiting(complaints: Harness, offices: Any) -> None:
    """A counter-application that nobody has decided on is over where the dispute goes to court, and may be brought again."""
    matter = await served(complaints, offices["hrss"])
    assert (await counter(matter)).status_code == 200
    await matter.later(60)
    with days_on(60):
        assert await matter.step(matter.worker, "sue") == 200
        assert matter.shown["further"][0]["state"] == "over"
        await engaged(complaints, matter.worker_id)
        assert (await filed(complaints, matter.worker_id)).status_code == 201


async def test_the_award_has_its_days_from_the_counter(complaints: Harness, offices: Any) -> None:
    matter = await served(complaints, offices["hrss"])
    before = matter.shown["due_on"]
    with days_on(5):
        by = office("hrss")
        assert (await counter(matter)).status_code == 200
        assert (await decide(matter, by, "accepted")).status_code == 200
        assert matter.shown["due_on"] > before
        assert await terms(matter, "award") == [("ended", today() - dt.timedelta(days=5)), ("running", today())]


async def test_of_several_workers_the_one_meant_answers(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints)
    first, second = f"w-{new_id()}", f"w-{new_id()}"
    await joined(matter, first, second)
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "apply") == 200
    for step in ("accept", "serve"):
        assert await matter.step(offices["hrss"], step) == 200
    assert (await counter(matter)).status_code == 422
    assert (await counter(matter, worker="ref-of-nobody")).status_code == 404
    assert (await counter(matter, worker=f"ref-of-{first}")).status_code == 200
    assert (await decide(matter, offices["hrss"], "accepted")).status_code == 200
    path, text = "counter-applications/1/answer", {"text": "不同意"}
    for worker_id, status in ((second, 403), (first, 200)):
        answer = await matter.send(bearer("worker", worker_id=worker_id), path, text)
        assert answer.status_code == status


async def test_nothing_is_claimed_of_who_is_erased(complaints: Harness, offices: Any) -> None:
    """Neither in a counter-application, nor in an application of its own."""
    matter = await served(complaints, offices["hrss"])
    await engaged(complaints, matter.worker_id)
    await complaints.publish(WorkerErased(worker_id=matter.worker_id))
    await complaints.settled()
    seen = {"If-Match": (await matter.read(matter.platform)).headers["etag"]}
    path = f"/v1/disputes/{matter.id}/counter-applications"
    answer = await complaints.http.post(path, json=COUNTER, headers=matter.platform | seen)
    assert answer.json()["type"].endswith("/worker-erased")
    answer = await filed(complaints, matter.worker_id)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "worker-erased")


async def test_a_third_party_claims_nothing(complaints: Harness, offices: Any) -> None:
    matter = await served(complaints, offices["hrss"])
    body = {"enterprise": OTHER, "role": "third_party"}
    assert (await matter.send(offices["hrss"], "parties", body)).status_code == 200
    assert (await counter(matter, bearer("platform", uscc=OTHER))).status_code == 403


async def test_each_of_several_enterprises_files_its_own(complaints: Harness, offices: Any) -> None:
    """Until the last day of its own answer; one term for both decisions, of the one that still waits."""
    matter, hrss = await served(complaints, offices["hrss"]), offices["hrss"]
    assert (await matter.send(hrss, "parties", {"enterprise": OTHER})).status_code == 200
    other = bearer("platform", uscc=OTHER)
    assert (await counter(matter)).status_code == 200
    assert (await counter(matter, other)).status_code == 200
    assert [one["party"] for one in matter.shown["further"]] == [matter.shown["enterprises"][0], OTHER]
    assert (await matter.send(other, "counter-applications/1/withdrawal", {})).status_code == 403
    assert (await decide(matter, hrss, "accepted")).status_code == 200
    assert [state for state, _ in await terms(matter, "counter_accept")] == ["met", "running"]
    assert (await matter.send(other, "counter-applications/2/withdrawal", {})).status_code == 200
    assert [state for state, _ in await terms(matter, "counter_accept")] == ["met", "met"]


@pytest.mark.parametrize("party", ["worker", "platform"])
async def test_what_is_claimed_is_no_step_of_others(complaints: Harness, offices: Any, party: str) -> None:
    matter = await countered(complaints, offices["hrss"])
    assert await matter.step(getattr(matter, party), "counter_apply") == 403
    assert await matter.step(offices["hrss"], "join") == 403
    found = await Dispute.of(matter.id)
    assert found is not None
    assert found.further[0].text != COUNTER["text"]

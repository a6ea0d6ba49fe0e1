"""Counter-applications on which nobody decides in time, and those of several that outlive the application."""

from __future__ import annotations

from typing import Any

from services.complaints.disputes.documents import Dispute
from shared.contracts.complaints import DisputeAwarded, DisputeOverdue, DisputeStepped
from shared.contracts.registry import WorkerErased
from tests.harness import Harness, bearer
from tests.integration.complaints.disputes.matters import OTHER, Matter, days_on, office, today
from tests.integration.complaints.disputes.test_counter_applications import (
    CLAIM,
    counter,
    countered,
    decide,
    served,
    terms,
)
from tests.integration.complaints.disputes.test_enterprise_applications import applied

SUIT = "counter-applications/1/suit"


async def test_who_filed_sues_on_what_nobody_decides(complaints: Harness, offices: Any) -> None:
    """Alone, and the application goes on; both sides are told that they may."""
    matter = await served(complaints, offices["hrss"])
    assert (await counter(matter)).status_code == 200
    assert (await matter.send(matter.platform, SUIT, {})).json()["type"].endswith("/term-runs")
    await matter.later(12)
    told = [one for one in await complaints.told(DisputeOverdue) if one.dispute_id == matter.id]
    assert [(one.step, one.applicant) for one in told] == [("counter_accept", "enterprise")]
    with days_on(12):
        assert matter.shown["further"][0]["decide_by"] < str(today())
        assert (await matter.send(matter.worker, SUIT, {})).status_code == 403
        assert (await matter.send(matter.platform, SUIT, {"text": "仲裁逾期未决定"})).status_code == 200
        (further,) = matter.shown["further"]
        assert (further["state"], further["decide_by"], matter.state) == ("sued", None, "arbitration")
        assert [one["kind"] for one in matter.shown["claims"]] == ["pay"]
        seen = await complaints.http.get(f"/v1/disputes/{further['became']}", headers=matter.platform)
        own = Matter(complaints, matter.worker_id, seen.json())
        assert (own.state, own.shown["forum"], own.shown["applicant"]) == ("court_filed", "court", "enterprise")
        steps = [one for one in await complaints.told(DisputeStepped) if one.dispute_id == own.id]
        assert [(one.step, one.before, one.worker_id) for one in steps] == [("sue", "filed", matter.worker_id)]
        assert (await counter(matter)).json()["type"].endswith("/claim-elsewhere")
        assert (await decide(matter, office("hrss"), "accepted")).status_code == 409
        assert (await matter.send(matter.platform, SUIT, {})).status_code == 409
        assert await matter.step(office("hrss"), "award", awards={"1": "100.00"}) == 200
        assert await own.step(office("court"), "accept") == 200


async def test_a_worker_sues_on_a_counter_of_their_own(complaints: Harness, offices: Any) -> None:
    matter, hrss = await applied(complaints), offices["hrss"]
    for step in ("accept", "serve"):
        assert await matter.step(hrss, step) == 200
    assert (await counter(matter, matter.worker, claims=[CLAIM | {"kind": "pay"}])).status_code == 200
    await matter.later(12)
    with days_on(12):
        assert (await matter.send(matter.worker, SUIT, {})).status_code == 200
        assert await matter.step(office("hrss"), "award", awards={"1": "0.00"}) == 200


async def test_one_that_is_decided_late_is_not_told_of_twice(complaints: Harness, offices: Any) -> None:
    matter = await served(complaints, offices["hrss"])
    assert (await counter(matter)).status_code == 200
    assert (await decide(matter, offices["hrss"], "accepted")).status_code == 200
    await matter.later(12)
    assert [one for one in await complaints.told(DisputeOverdue) if one.dispute_id == matter.id] == []


async def test_each_of_several_counters_has_its_own_days(complaints: Harness, offices: Any) -> None:
    """A later one that is decided first leaves the term of the earlier one as it is."""
    matter = await served(complaints, offices["hrss"])
    assert (await matter.send(offices["hrss"], "parties", {"enterprise": OTHER})).status_code == 200
    assert (await counter(matter)).status_code == 200
    with days_on(2):
        assert (await counter(matter, bearer("platform", uscc=OTHER))).status_code == 200
        assert (await decide(matter, office("hrss"), "accepted", "2")).status_code == 200
        assert [state for state, _ in await terms(matter, "counter_accept")] == ["running"]
        assert (await decide(matter, office("hrss"), "accepted", "1")).status_code == 200
        assert [state for state, _ in await terms(matter, "counter_accept")] == ["met"]


async def test_what_is_refused_is_of_who_filed_it_alone(complaints: Harness, offices: Any) -> None:
    """Another respondent neither reads it nor sues on it."""
    matter, hrss = await served(complaints, offices["hrss"]), offices["hrss"]
    other = bearer("platform", uscc=OTHER)
    assert (await matter.send(hrss, "parties", {"enterprise": OTHER})).status_code == 200
    assert (await counter(matter)).status_code == 200
    assert (await decide(matter, hrss, "refused", text="不属于受理范围")).status_code == 200
    own = f"/v1/disputes/{matter.shown['further'][0]['became']}"
    assert (await complaints.http.get(own, headers=other)).status_code == 404
    shown = (await complaints.http.get(own, headers=matter.platform)).json()
    assert (shown["enterprises"], shown["added"]) == (matter.shown["enterprises"][:1], [])


async def test_what_is_refused_forgets_who_was_erased(complaints: Harness, offices: Any) -> None:
    """The application names them until it is decided, what nobody tries no longer."""
    matter, hrss = await served(complaints, offices["hrss"]), offices["hrss"]
    assert (await counter(matter)).status_code == 200
    await complaints.publish(WorkerErased(worker_id=matter.worker_id))
    await complaints.settled()
    assert (await decide(matter, hrss, "refused", text="不属于受理范围")).status_code == 200
    part = await Dispute.of(matter.shown["further"][0]["became"])
    assert part is not None
    assert (part.workers, [one.worker_id for one in part.claims]) == ([], [""])
    lead = await Dispute.of(matter.id)
    assert lead is not None
    assert lead.workers == [matter.worker_id]


async def test_a_third_party_does_not_answer_a_counter(complaints: Harness, offices: Any) -> None:
    """Its answer would stand for that of who applied."""
    matter, hrss = await applied(complaints), offices["hrss"]
    for step in ("accept", "serve"):
        assert await matter.step(hrss, step) == 200
    assert (await matter.send(hrss, "parties", {"enterprise": OTHER, "role": "third_party"})).status_code == 200
    assert (await counter(matter, matter.worker, claims=[CLAIM | {"kind": "pay"}])).status_code == 200
    assert (await decide(matter, hrss, "accepted")).status_code == 200
    path, text = "counter-applications/1/answer", {"text": "不同意"}
    assert (await matter.send(bearer("platform", uscc=OTHER), path, text)).status_code == 403
    assert (await matter.send(matter.platform, path, text)).status_code == 200


async def test_each_takes_its_own_back_without_the_application(complaints: Harness, offices: Any) -> None:
    """Of two enterprises whose counter-applications outlive the application neither takes back the other's; steps are told as what the
    enterprises claim, which the worker answers."""
    matter, hrss = await countered(complaints, offices["hrss"]), offices["hrss"]
    other = bearer("platform", uscc=OTHER)
    assert (await matter.send(hrss, "parties", {"enterprise": OTHER})).status_code == 200
    assert (await counter(matter, other)).status_code == 200
    assert (await decide(matter, hrss, "accepted", "2")).status_code == 200
    assert await matter.step(matter.worker, "leave") == 200
    assert matter.shown["applicant"] == "enterprise"
    answer = await matter.send(matter.worker, "counter-applications/1/answer", {"text": "不同意"})
    assert answer.status_code == 200
    steps = [one for one in await complaints.told(DisputeStepped) if one.dispute_id == matter.id]
    assert (steps[-1].step, steps[-1].applicant) == ("counter_defend", "worker")
    assert await matter.step(other, "leave") == 403
    assert (await matter.send(other, "counter-applications/2/withdrawal", {})).status_code == 200
    assert [one["parties"] for one in matter.shown["claims"]] == [matter.shown["enterprises"][:1]]
    assert (await matter.send(matter.platform, "counter-applications/1/withdrawal", {})).status_code == 403
    assert await matter.step(matter.platform, "leave") == 200
    assert matter.state == "open"


async def test_who_may_sue_on_no_award_may_still_do_so(complaints: Harness, offices: Any) -> None:
    """From the first moment after the term on, though its timer has not gone off: a counter-application that is taken up only then
    gives the commission no further days."""
    matter = await served(complaints, offices["hrss"])
    assert (await counter(matter)).status_code == 200
    before = matter.shown["due_on"]
    with days_on(60):
        assert (await decide(matter, office("hrss"), "accepted")).status_code == 200
        assert matter.shown["due_on"] == before
        assert await matter.step(matter.worker, "sue") == 200


async def test_third_parties_hear_of_no_right_to_sue(complaints: Harness, offices: Any) -> None:
    matter, hrss = await served(complaints, offices["hrss"]), offices["hrss"]
    assert (await matter.send(hrss, "parties", {"enterprise": OTHER, "role": "third_party"})).status_code == 200
    await matter.later(80)
    (late,) = [one for one in await complaints.told(DisputeOverdue) if one.dispute_id == matter.id]
    assert late.platforms == tuple(matter.shown["enterprises"][:1])
    with days_on(80):
        assert await matter.step(office("hrss"), "award", awards={"1": "100.00"}) == 200
    (award,) = [one for one in await complaints.told(DisputeAwarded) if one.dispute_id == matter.id]
    assert award.third_parties == (OTHER,)

"""Who sues against an award, beside whom, and who takes a suit back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import time_machine

from services.complaints.disputes.documents import Dispute
from shared.contracts.complaints import DisputeStepped
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.ids import new_id
from tests.harness import Harness, bearer
from tests.integration.complaints.disputes.matters import (
    OTHER,
    Matter,
    ask_to_join,
    days_on,
    engaged,
    in_arbitration,
    joined,
    office,
    opened,
    today,
)
from tests.integration.complaints.facts import PLATFORM

MUCH = "90000.00"


async def awarded(complaints: Harness, by: dict[str, str]) -> Matter:
    matter = await in_arbitration(complaints, by)
    assert await matter.step(by, "award", awards={"1": MUCH}) == 200
    assert matter.state == "awarded"
    return matter


async def of_two(complaints: Harness, by: dict[str, str]) -> tuple[Matter, str]:
    """A dispute of two workers that is awarded on, and the second of them."""
    matter, other = await opened(complaints), f"w-{new_id()}"
    await joined(matter, other)
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "apply") == 200
    assert await matter.step(by, "accept") == 200
    assert await matter.step(by, "award", awards={"1": MUCH, "2": MUCH}) == 200
    return matter, other


async def test_nobody_takes_back_the_other_sides_suit(complaints: Harness, offices: Any) -> None:
    matter = await awarded(complaints, offices["hrss"])
    assert await matter.step(matter.platform, "sue") == 200
    assert await matter.step(matter.worker, "leave") == 403
    assert matter.state == "court_filed"
    assert await matter.step(matter.platform, "leave") == 200
    assert matter.state == "effective"


async def test_both_sides_may_sue_against_one_award(complaints: Harness, offices: Any) -> None:
    matter = await awarded(complaints, offices["hrss"])
    assert await matter.step(matter.platform, "sue") == 200
    assert await matter.step(offices["court"], "accept") == 200
    assert await matter.step(matter.worker, "sue") == 200
    assert matter.state == "court"
    for side in (matter.worker, matter.platform):
        assert await matter.step(side, "sue") == 409
        assert await matter.step(side, "leave") == 409
    assert await matter.step(offices["court"], "leave", text="双方撤诉") == 200
    assert matter.state == "effective"
    late = await awarded(complaints, offices["hrss"])
    assert await late.step(late.platform, "sue") == 200
    with days_on(20):
        assert await late.step(late.worker, "sue") == 409


async def test_what_a_court_has_judged_is_not_left(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints, relation="partial")
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "sue") == 200
    assert await matter.step(offices["court"], "accept") == 200
    assert await matter.step(offices["court"], "judge") == 200
    assert await matter.step(matter.platform, "appeal") == 200
    assert await matter.step(matter.worker, "leave") == 409
    assert await matter.step(offices["court"], "judge") == 200
    assert await matter.step(matter.worker, "appeal") == 409
    assert await matter.step(offices["court"], "take_effect") == 200


async def test_one_of_several_sues_for_themselves(complaints: Harness, offices: Any) -> None:
    matter, other = await of_two(complaints, offices["hrss"])
    own = bearer("worker", worker_id=other)
    assert await matter.step(own, "perform") in (403, 409)
    first = matter.id
    assert await matter.step(own, "sue") == 200
    part = matter.shown
    assert part["dispute_id"] != first
    assert (part["state"], part["workers"], part["origin"]) == ("court_filed", [other], f"dispute:{first}")
    assert [(one["id"], one["awarded"]) for one in part["claims"]] == [("2", MUCH)]
    left = await Dispute.of(first)
    assert left is not None
    assert (left.state, left.workers, [one.id for one in left.claims]) == ("awarded", [matter.worker_id], ["1"])
    told = [one for one in await complaints.told(DisputeStepped) if one.dispute_id == part["dispute_id"]]
    assert [(one.worker_id, one.step) for one in told] == [(other, "sue")]
    with days_on(20):
        await complaints.settled()
    after = [await Dispute.of(one) for one in (first, part["dispute_id"])]
    assert [one and one.state for one in after] == ["effective", "court_filed"]
    again = await opened(complaints, other)
    assert await again.step(again.platform, "answer") == 200
    assert await again.step(again.worker, "apply") == 409


async def test_one_of_several_sues_under_an_old_token(complaints: Harness, offices: Any) -> None:
    """The token of a record that was merged since: the suit is the record's that stands today."""
    matter, other = await of_two(complaints, offices["hrss"])
    stands = f"w-{new_id()}"
    await complaints.publish(WorkerMerged(worker_id=stands, merged_worker_id=other))
    await complaints.settled()
    await matter.read()
    assert await matter.step(bearer("worker", worker_id=other), "sue") == 200
    assert (matter.shown["state"], matter.shown["workers"]) == ("court_filed", [stands])


async def test_who_is_late_to_sue_stays_with_the_others(complaints: Harness, offices: Any) -> None:
    matter, other = await of_two(complaints, offices["hrss"])
    left = await Dispute.of(matter.id)
    assert left is not None
    with days_on(20):
        assert await matter.step(bearer("worker", worker_id=other), "sue") == 409
    kept = await Dispute.of(matter.id)
    assert kept is not None
    assert kept.workers == [matter.worker_id, other]


async def test_an_erasure_frees_no_others_decided_claim(complaints: Harness, offices: Any) -> None:
    matter, other = await of_two(complaints, offices["hrss"])
    await matter.later(20)
    assert matter.state == "effective"
    await complaints.publish(WorkerErased(worker_id=other))
    await complaints.settled()
    assert (await matter.read()).json()["workers"] == [matter.worker_id]
    again = await opened(complaints, matter.worker_id)
    assert await again.step(again.platform, "answer") == 200
    assert await again.step(again.worker, "apply") == 409


async def test_who_does_not_appear_has_taken_it_back(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints)
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "apply") == 200
    assert await matter.step(offices["hrss"], "leave") == 403
    assert await matter.step(offices["hrss"], "accept") == 200
    assert await matter.step(matter.platform, "leave") == 403
    assert await matter.step(offices["hrss"], "leave", text="无正当理由拒不到庭") == 200
    assert matter.state == "open"
    assert await matter.step(matter.worker, "apply") == 200


async def test_who_applied_sues_on_what_was_refused(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints)
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "apply") == 200
    with days_on(20):
        assert await matter.step(matter.platform, "sue") == 403
    assert await matter.step(offices["hrss"], "refuse", text="不属于受理范围") == 200
    assert await matter.step(matter.platform, "sue") == 403
    assert await matter.step(matter.worker, "sue") == 200


async def test_the_days_to_sue_run_from_the_ruling_served(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    assert await matter.step(offices["hrss"], "award", awards={"1": "5400.00"}) == 200
    assert await matter.step(matter.platform, "ask_to_set_aside") == 200
    ruled, served = today(), today() + dt.timedelta(days=6)
    with days_on(6):
        before = {"on": f"{ruled}", "served": {"worker": f"{ruled - dt.timedelta(days=1)}"}}
        assert await matter.step(office("court"), "set_aside", **before) == 422
        got = {"worker": f"{served}", "enterprise": f"{ruled}"}
        assert await matter.step(office("court"), "set_aside", on=f"{ruled}", served=got) == 200
    last = {side: dt.date.fromisoformat(day) for side, day in matter.shown["sue_by"].items()}
    assert last["worker"] >= served + dt.timedelta(days=15)
    assert matter.shown["due_on"] == f"{max(last.values())}"
    assert last["enterprise"] < last["worker"]


async def test_an_award_recorded_late_is_still_sued_against(complaints: Harness, offices: Any) -> None:
    """Where nobody says when it was served, the days run from when the parties hear of it."""
    matter, made = await in_arbitration(complaints, offices["hrss"]), f"{today()}"
    with days_on(20):
        assert await matter.step(office("hrss"), "award", on=made, awards={"1": MUCH}) == 200
        await complaints.settled()
        assert (await matter.read()).json()["state"] == "awarded"
        assert await matter.step(matter.worker, "sue") == 200


async def test_two_claims_of_one_kind_and_day_are_split(complaints: Harness, offices: Any) -> None:
    claims = [{"kind": "pay", "known_on": "2026-08-03", "amount": one} for one in ("5400.00", "800.00")]
    matter = await in_arbitration(complaints, offices["hrss"], claims=claims)
    assert await matter.step(offices["hrss"], "award_part", awards={"1": "5400.00"}) == 200
    assert await matter.step(offices["hrss"], "award", awards={"2": MUCH}) == 200
    assert await matter.step(matter.worker, "sue") == 200
    assert matter.shown["doubled"] is False


async def test_an_award_is_final_by_the_wage_of_its_day(complaints: Harness, offices: Any) -> None:
    """Recorded after the minimum wage has risen, it is as final as it was on its day."""
    made = dt.datetime(2024, 12, 20, 2, tzinfo=dt.UTC)
    with time_machine.travel(made, tick=True):
        claims = [{"kind": "pay", "known_on": "2024-08-05", "amount": "24000.00"}]
        matter = await in_arbitration(complaints, office("hrss"), claims=claims)
    await complaints.settled()  # what the years between bring about by themselves
    award = {"on": "2024-12-20", "awards": {"1": "24000.00"}}
    assert await matter.step(offices["hrss"], "award", **award) == 200
    assert (matter.state, matter.shown["finality"]) == ("awarded", ["pay:above:23640"])


async def test_each_of_two_enterprises_hands_in_a_defence(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"], enterprises=[PLATFORM, OTHER])
    assert await matter.step(offices["hrss"], "serve") == 200
    assert await matter.step(matter.platform, "defend", text="已按约定结算") == 200
    assert await matter.step(bearer("platform", uscc=OTHER), "defend", text="未发生用工") == 200
    assert await matter.step(offices["hrss"], "copy_defence") == 200


async def test_an_award_that_was_set_aside_stays_so(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    assert await matter.step(offices["hrss"], "award", awards={"1": "5400.00"}) == 200
    assert await matter.step(matter.platform, "ask_to_set_aside") == 200
    assert await matter.step(offices["court"], "set_aside") == 200
    assert matter.shown["set_aside_by"] is None
    assert await matter.step(matter.worker, "sue") == 200
    assert await matter.step(matter.worker, "leave") == 200
    assert matter.state == "open"


async def test_who_will_not_wait_goes_to_arbitration(complaints: Harness, offices: Any) -> None:
    """Neither an answer nor a negotiation comes before it by law (劳动争议调解仲裁法 art. 5)."""
    matter = await opened(complaints)
    assert await matter.step(matter.worker, "sue") == 422
    assert await matter.step(matter.worker, "apply") == 200
    assert matter.state == "filed"
    other = await opened(complaints)
    assert await other.step(other.platform, "answer") == 200
    assert await other.step(other.worker, "negotiate") == 200
    assert await other.step(other.worker, "apply") == 200
    civil = await opened(complaints, relation="self_employed")
    assert await civil.step(civil.worker, "sue") == 200


async def test_who_joins_after_a_part_has_claims_of_their_own(complaints: Harness, offices: Any) -> None:
    claims = [{"kind": one, "known_on": "2026-08-03"} for one in ("pay", "contract")]
    matter = await in_arbitration(complaints, offices["hrss"], claims=claims)
    assert await matter.step(offices["hrss"], "award_part", awards={"1": "5400.00"}) == 200
    assert await matter.step(matter.worker, "leave") == 200
    other = f"w-{new_id()}"
    await engaged(complaints, other)
    assert (await ask_to_join(matter, other, kind="contract")).status_code == 204
    answer = await matter.send(matter.worker, "joining", {"worker_id": other, "agrees": True})
    assert [one["id"] for one in answer.json()["claims"]] == ["2", "3"]

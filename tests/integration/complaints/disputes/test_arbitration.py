from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

from shared.contracts.complaints import DisputeOverdue
from shared.ids import new_id
from tests.harness import Harness
from tests.integration.complaints.disputes.matters import days_on, in_arbitration, opened, today


async def test_a_final_award_binds_the_employer(complaints: Harness, offices: Any) -> None:
    hrss, court = offices["hrss"], offices["court"]
    matter = await in_arbitration(complaints, hrss)
    assert await matter.step(hrss, "award", awards={"1": "5400.00"}) == 200
    assert matter.state == "awarded_finally"
    assert await matter.step(matter.platform, "sue") == 409
    assert await matter.step(matter.platform, "ask_to_set_aside") == 200
    assert await matter.step(court, "set_aside") == 200
    await matter.later(20)
    assert matter.state == "closed"
    other = await in_arbitration(complaints, hrss)
    assert await other.step(hrss, "award", awards={"1": "5400.00"}) == 200
    await other.later(40)
    assert other.state == "effective"


async def test_arbitration_that_is_late_opens_the_court(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints)
    await matter.step(matter.platform, "answer")
    assert await matter.step(matter.worker, "apply") == 200
    assert await matter.step(matter.worker, "sue") == 409
    await matter.later(25)
    assert matter.shown["overdue"] is True
    late = [one.step for one in await complaints.told(DisputeOverdue) if one.dispute_id == matter.id]
    assert late == ["accept"]
    with days_on(25):
        assert await matter.step(matter.worker, "sue") == 200
    assert matter.state == "court_filed"


async def test_an_award_may_be_postponed_and_wait(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    before = matter.shown["due_on"]
    assert await matter.step(offices["hrss"], "extend", text="案情复杂") == 200
    assert matter.shown["due_on"] > before
    assert await matter.step(offices["hrss"], "pause", text="等待鉴定") == 200
    await matter.later(100)
    assert matter.shown["overdue"] is False
    assert await matter.step(offices["hrss"], "resume") == 200
    assert matter.shown["due_on"] > before


async def test_two_disputes_of_one_claim_are_not_decided_at_once(complaints: Harness, offices: Any) -> None:
    worker_id = f"w-{new_id()}"
    matters = [await opened(complaints, worker_id) for _ in range(2)]
    for matter in matters:
        await matter.step(matter.platform, "answer")
    statuses = await asyncio.gather(*(matter.step(matter.worker, "apply") for matter in matters))
    assert sorted(statuses) == [200, 409]
    first, second = sorted(matters, key=lambda one: one.state != "filed")
    assert await first.step(first.worker, "leave") == 200
    assert await second.step(second.worker, "apply") == 200
    other = await opened(complaints, worker_id, claims=[{"kind": "rest", "known_on": "2026-08-03"}])
    await other.step(other.platform, "answer")
    assert await other.step(other.worker, "apply") == 200


async def test_part_of_a_dispute_is_awarded_first(complaints: Harness, offices: Any) -> None:
    claims = [{"kind": "pay", "known_on": "2026-08-03"}, {"kind": "contract", "known_on": "2026-08-03"}]
    matter = await in_arbitration(complaints, offices["hrss"], claims=claims)
    clear = {"awards": {"1": "5400.00"}, "clear": True, "hardship": True}
    assert await matter.step(offices["hrss"], "advance", **clear) == 200
    assert await matter.step(offices["hrss"], "award_part", awards={"1": "5400.00"}, text="报酬部分事实清楚") == 200
    assert (matter.state, [one["kind"] for one in matter.shown["claims"]]) == ("arbitration", ["contract"])
    listed = await matter.http.get("/v1/disputes?state=awarded_finally", headers=matter.worker)
    (part,) = listed.json()["items"]
    read = await matter.http.get(f"/v1/disputes/{part['dispute_id']}", headers=matter.worker)
    assert (read.json()["origin"], read.json()["text"]) == (f"dispute:{matter.id}", matter.shown["text"])
    again = await opened(complaints, matter.worker_id, claims=claims[:1])
    await again.step(again.platform, "answer")
    assert await again.step(again.worker, "apply") == 409


async def test_a_suit_against_a_final_award_is_taken_back(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    assert await matter.step(offices["hrss"], "award", awards={"1": "5400.00"}) == 200
    assert await matter.step(matter.worker, "sue") == 200
    assert await matter.step(matter.worker, "leave") == 200
    assert (matter.state, matter.shown["sue_by"]) == ("awarded_finally", {})
    assert matter.shown["due_on"] == matter.shown["set_aside_by"]
    assert await matter.step(matter.platform, "ask_to_set_aside") == 200


async def test_an_award_is_not_served_in_days_to_come(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    later = f"{today() + dt.timedelta(1)}"
    for side in ("worker", "enterprise"):
        assert await matter.step(offices["hrss"], "award", awards={"1": "5400.00"}, served={side: later}) == 422
    assert await matter.step(offices["hrss"], "award", awards={"1": "5400.00"}) == 200

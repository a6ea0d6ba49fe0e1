"""An employee's hours under several accounts of one platform, and under a reference that somebody else had before."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from typing import Any

from services.complaints.leads.documents import Lead
from shared.contracts.base import Fact
from shared.contracts.registry import EngagementCorrected
from tests.harness import Harness
from tests.integration.complaints.facts import SOURCE, engagement, order

KINDS = ("overtime_exceeded", "weekly_rest_missing")


def hired(person: str, ref: str, version: int = 1, **more: Any) -> Fact:
    return engagement(EngagementCorrected, person, ref, relation="employment", version=version, **more)


async def tell(complaints: Harness, *facts: Fact) -> None:
    await complaints.publish(*facts, source=SOURCE)
    await complaints.settled()


async def leads_of(*refs: str) -> dict[tuple[str | None, str], Lead]:
    """The leads on hours that hold, by whose they are and their kind."""
    found = await Lead.find({"worker_ref": {"$in": list(refs)}, "holds": True, "kind": {"$in": list(KINDS)}}).to_list()
    assert len(found) == len({(one.worker_id, one.kind) for one in found})
    return {(one.worker_id, one.kind): one for one in found}


async def test_hours_under_two_accounts_are_one_persons_in_any_order(complaints: Harness) -> None:
    """Six hours under each are twelve of a day, of which one overlaps; and a week is worked by both together."""
    turns = list(permutations(["first", "second", "work", "work too", "week", "week too"]))[::97]
    for step in range(6):
        for turn, in_turn in enumerate(turns):
            one, two = f"BOTH{turn}-A", f"BOTH{turn}-B"
            facts: dict[str, list[Fact]] = {
                "first": [hired(f"w-both{turn}", one)],
                "second": [hired(f"w-both{turn}", two)],
                "work": [order(one, 6, 6, day=1)],
                "work too": [order(two, 11, 6, day=1)],
                "week": [order(one, 8, 2, day=day) for day in (7, 8, 9)],
                "week too": [order(two, 8, 2, day=day) for day in (10, 11, 12, 13)],
            }
            await complaints.publish(*facts[in_turn[step]], source=SOURCE)
        await complaints.settled()
    for turn in range(len(turns)):
        person = f"w-both{turn}"
        found = await leads_of(f"BOTH{turn}-A", f"BOTH{turn}-B")
        assert set(found) == {(person, kind) for kind in KINDS}
        overtime = found[person, "overtime_exceeded"]
        assert (overtime.finding["overtime_seconds"], overtime.worker_ref) == (3 * 3600, f"BOTH{turn}-A")
        assert "accounts_together" in overtime.to_judge


async def test_a_lead_on_one_account_gives_way_to_that_on_both(complaints: Harness) -> None:
    await tell(complaints, hired("w-later", "LATER-B"), order("LATER-B", 6, 12, day=1))
    await tell(complaints, hired("w-later-too", "LATER-A"), order("LATER-A", 6, 12, day=2))
    assert {whose for whose, _ in await leads_of("LATER-A", "LATER-B")} == {"w-later", "w-later-too"}
    await tell(complaints, hired("w-later", "LATER-A", version=2))
    [lead] = (await leads_of("LATER-A", "LATER-B")).values()
    assert (lead.worker_ref, lead.worker_id, len(lead.finding["days"])) == ("LATER-A", "w-later", 2)
    await tell(complaints, hired("w-later-too", "LATER-A", version=3))
    assert {whose for whose, _ in await leads_of("LATER-A", "LATER-B")} == {"w-later", "w-later-too"}


async def test_hours_are_of_whom_the_reference_named_that_day(complaints: Harness) -> None:
    """A week of seven days that two people worked is nobody's week without rest; each one's long day is their own."""
    since = dt.date(2026, 9, 10)
    second = hired("w-after", "HANDED", engagement_id="engagement-handed-after", started_on=since)
    week = [order("HANDED", 8, 2, day=day) for day in range(7, 14)]
    long = [order("HANDED", 8, 12, day=1), order("HANDED", 8, 13, day=20)]
    await tell(complaints, hired("w-first", "HANDED"), *week, *long)
    assert set(await leads_of("HANDED")) == {("w-first", kind) for kind in KINDS}
    await tell(complaints, second)
    found = await leads_of("HANDED")
    assert set(found) == {("w-first", "overtime_exceeded"), ("w-after", "overtime_exceeded")}
    assert [one.finding["overtime_seconds"] // 3600 for one in found.values()] in ([4, 5], [5, 4])
    # the second one turns out to be the first, whose engagement began anew
    await tell(
        complaints, hired("w-first", "HANDED", version=2, engagement_id="engagement-handed-after", started_on=since)
    )
    found = await leads_of("HANDED")
    assert set(found) == {("w-first", kind) for kind in KINDS}
    assert found["w-first", "overtime_exceeded"].finding["overtime_seconds"] == 9 * 3600

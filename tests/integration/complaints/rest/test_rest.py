"""Prompts to rest, and leads from the hours of a person over all platforms."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any, TypeVar

import time_machine

from services.complaints.intake import consumers
from services.complaints.leads.documents import Lead
from services.complaints.work_time import commands as work_time
from services.complaints.work_time.documents import WorkDay, paired
from shared import clock
from shared.contracts.base import CloudEvent, Fact
from shared.contracts.complaints.leads import LeadClosed, LeadRaised
from shared.contracts.complaints.rest import RestLimitReached, RestPauseAsked
from shared.contracts.complaints.time_findings import DailyHoursExceeded
from shared.contracts.platform import Industry, OrderFinished, platform_source
from shared.contracts.registry import EngagementCorrected, WorkerMerged
from shared.ids import new_id
from shared.policy.calendar import SHANGHAI, shanghai_date
from tests.harness import Harness
from tests.integration.complaints.facts import PLATFORM, SOURCE, engagement

OTHER = "91510600MA0000009X"
DAY = dt.date(2026, 9, 3)

F = TypeVar("F", bound=Fact)


def order(
    worker_ref: str, begin: dt.datetime, end: dt.datetime, industry: Industry = "instant_delivery"
) -> OrderFinished:
    return OrderFinished(
        order_id=new_id(),
        worker_ref=worker_ref,
        industry=industry,
        taken_at=begin,
        finished_at=end,
        district="510681",
        fee="8.00",
    )


def on_day(worker_ref: str, begin: float, end: float, **more: Any) -> OrderFinished:
    midnight = dt.datetime.combine(DAY, dt.time(), SHANGHAI)
    return order(worker_ref, midnight + dt.timedelta(hours=begin), midnight + dt.timedelta(hours=end), **more)


def shift(worker_ref: str, begin: float, hours: int) -> list[OrderFinished]:
    """Hours of work, each followed by a break of half an hour."""
    return [on_day(worker_ref, begin + 1.5 * n, begin + 1.5 * n + 1) for n in range(hours)]


def arrived(facts: list[F], source: str = SOURCE) -> list[CloudEvent[F]]:
    return [CloudEvent(id=new_id(), source=source, type=one.TYPE, time=clock.now(), data=one) for one in facts]


async def works(complaints: Harness, worker_id: str, *, here: str | None = None, there: str | None = None) -> None:
    """Say that a person works here, there, or both."""
    for platform, ref in ((PLATFORM, here), (OTHER, there)):
        if ref is not None:
            fact = engagement(EngagementCorrected, worker_id, ref, engagement_id=f"{platform}-{ref}")
            changed = {name: getattr(fact, name) for name in fact.__struct_fields__} | {"platform": platform}
            await complaints.publish(EngagementCorrected(**changed))
    await complaints.settled()


async def push(complaints: Harness, *facts: Fact, source: str = SOURCE) -> None:
    await complaints.publish(*facts, source=source)
    await complaints.settled()


async def leads_of(*worker_refs: str) -> list[Lead]:
    found = await Lead.find({"worker_ref": {"$in": list(worker_refs)}, "holds": True}).to_list()
    return sorted(found, key=lambda lead: (lead.kind, lead.platform))


async def test_two_platforms_of_one_person_make_one_day(complaints: Harness) -> None:
    await works(complaints, "w-two", here="TWO-A", there="TWO-B")
    await push(complaints, *shift("TWO-A", 0, 8))
    assert await leads_of("TWO-A", "TWO-B") == []
    await push(complaints, *shift("TWO-B", 12, 5), source=platform_source(OTHER))
    one, other = await leads_of("TWO-A", "TWO-B")
    assert {one.platform, other.platform} == {PLATFORM, OTHER}
    for lead in (one, other):
        assert (lead.kind, lead.worker_id, lead.district) == ("daily_hours_exceeded", "w-two", "510681")
        found = lead.found
        assert isinstance(found, DailyHoursExceeded)
        assert (found.worked_seconds, found.limit_seconds, found.day) == (13 * 3600, 12 * 3600, DAY)
        assert {lead.platform, *found.other_platforms} == {PLATFORM, OTHER}
    assert [told for told in await complaints.told(RestLimitReached) if told.worker_id == "w-two"] == []


async def test_a_redelivered_and_a_late_order_change_as_they_must(complaints: Harness) -> None:
    orders = arrived(shift("LATE", 0, 13))
    await consumers.on_orders.handle_many(orders[:12])  # type: ignore[misc]
    assert await leads_of("LATE") == []
    for _ in range(2):
        await consumers.on_orders.handle_many(orders[::-1])  # type: ignore[misc]
    (lead,) = await leads_of("LATE")
    revision = lead.revision
    await consumers.on_orders.handle_many(orders)  # type: ignore[misc]
    assert (await leads_of("LATE"))[0].revision == revision
    await consumers.on_orders.handle_many(arrived([on_day("LATE", 18.5, 19.5)]))  # type: ignore[misc]
    (lead,) = await leads_of("LATE")
    assert lead.finding["worked_seconds"] == 13.5 * 3600  # half of it was counted before
    assert len([one for one in await complaints.told(LeadRaised) if one.worker_ref == "LATE"]) == 1


async def test_what_was_stored_before_a_kill_is_looked_at_after_it(complaints: Harness) -> None:
    orders = arrived(shift("KILLED", 0, 13))
    await work_time.store(orders)  # and here the process dies, before it looked
    assert await leads_of("KILLED") == []
    await consumers.on_orders.handle_many(orders)  # type: ignore[misc]
    (lead,) = await leads_of("KILLED")
    assert lead.finding["worked_seconds"] == 13 * 3600


async def test_a_person_of_two_refs_is_found_when_the_registry_says_so(complaints: Harness) -> None:
    await push(complaints, *shift("SOON-A", 0, 8))
    await push(complaints, *shift("SOON-B", 12, 5), source=platform_source(OTHER))
    await works(complaints, "w-soon-a", here="SOON-A")
    await works(complaints, "w-soon-b", there="SOON-B")
    assert await leads_of("SOON-A", "SOON-B") == []
    moved = engagement(EngagementCorrected, "w-soon-a", "SOON-B", version=2, engagement_id=f"{OTHER}-SOON-B")
    changed = {name: getattr(moved, name) for name in moved.__struct_fields__} | {"platform": OTHER}
    await push(
        complaints, WorkerMerged(worker_id="w-soon-a", merged_worker_id="w-soon-b"), EngagementCorrected(**changed)
    )
    assert [lead.worker_id for lead in await leads_of("SOON-A", "SOON-B")] == ["w-soon-a"] * 2
    again = {**changed, "version": 3, "worker_id": "w-soon-b"}
    await push(complaints, EngagementCorrected(**again))
    assert await leads_of("SOON-A", "SOON-B") == []
    closed = [one.outcome for one in await complaints.told(LeadClosed) if one.worker_ref in ("SOON-A", "SOON-B")]
    assert closed == ["withdrawn"] * 2


async def test_driving_without_a_break_rests_on_the_law_alone(complaints: Harness) -> None:
    await push(
        complaints, on_day("CAR", 8, 10, industry="ride_hailing"), on_day("CAR", 10.2, 12.5, industry="ride_hailing")
    )
    (lead,) = await leads_of("CAR")
    assert (lead.kind, lead.verified, lead.finding["worked_seconds"]) == ("driving_without_break", True, 15480)


async def test_work_over_midnight_is_found_whichever_half_comes_last(complaints: Harness) -> None:
    before, after = on_day("NIGHT-A", 22, 24), on_day("NIGHT-A", 24, 27)
    await push(complaints, before)
    await push(complaints, after)
    await push(complaints, on_day("NIGHT-B", 24, 27))
    await push(complaints, on_day("NIGHT-B", 22, 24))
    one, other = await leads_of("NIGHT-A", "NIGHT-B")
    assert one.finding["day"] == other.finding["day"] == "2026-09-04"
    assert one.finding["worked_seconds"] == other.finding["worked_seconds"] == 5 * 3600


async def test_a_run_ends_where_the_reference_passes_on(complaints: Harness) -> None:
    """Six hours over midnight are one person's until somebody else turns out to have worked from midnight on."""
    await works(complaints, "w-until-midnight", here="PASSED-ON")
    await push(complaints, on_day("PASSED-ON", 21, 24), on_day("PASSED-ON", 24, 27))
    assert {one.kind for one in await leads_of("PASSED-ON")} == {"rest_exceeded"}
    since = DAY + dt.timedelta(1)
    await complaints.publish(
        engagement(EngagementCorrected, "w-from-midnight", "PASSED-ON", engagement_id="passed-on-2", started_on=since)
    )
    await complaints.settled()
    assert await leads_of("PASSED-ON") == []


async def test_both_platforms_of_a_run_over_midnight_are_met(complaints: Harness) -> None:
    """In whatever order the halves come, and also where it is known only later that the two are one person."""
    await works(complaints, "w-over", here="OVER-A", there="OVER-B")
    await push(complaints, on_day("OVER-A", 21, 24))
    await push(complaints, on_day("OVER-B", 24, 26), source=platform_source(OTHER))
    await works(complaints, "w-over-2", here="OVER-C", there="OVER-D")
    await push(complaints, on_day("OVER-D", 24, 26), source=platform_source(OTHER))
    await push(complaints, on_day("OVER-C", 21, 24))
    await push(complaints, on_day("OVER-E", 21, 24))
    await push(complaints, on_day("OVER-F", 24, 26), source=platform_source(OTHER))
    await works(complaints, "w-over-3", here="OVER-E", there="OVER-F")
    for before, after in (("OVER-A", "OVER-B"), ("OVER-C", "OVER-D"), ("OVER-E", "OVER-F")):
        first, last = await leads_of(before, after)
        assert {first.kind, last.kind} == {"rest_exceeded"}
        assert {first.finding["platform_seconds"], last.finding["platform_seconds"]} == {3 * 3600, 2 * 3600}
        assert first.finding["day"] == last.finding["day"] == "2026-09-04"
        assert {first.district, last.district} == {"510681"}
    # told once more, nothing is said twice; and told otherwise of whose they are, both leads are withdrawn
    await push(complaints, on_day("OVER-A", 21, 24))
    raised = [one for one in await complaints.told(LeadRaised) if one.worker_ref in ("OVER-A", "OVER-B")]
    assert len(raised) == 2
    moved = engagement(EngagementCorrected, "w-over-else", "OVER-B", version=2, engagement_id=f"{OTHER}-OVER-B")
    changed = {name: getattr(moved, name) for name in moved.__struct_fields__} | {"platform": OTHER}
    await push(complaints, EngagementCorrected(**changed))
    assert await leads_of("OVER-A", "OVER-B") == []


async def test_a_platform_before_midnight_is_asked_to_pause(complaints: Harness) -> None:
    await works(complaints, "w-eve", here="EVE-A", there="EVE-B")
    night = dt.datetime.combine(shanghai_date(clock.now()), dt.time(2), SHANGHAI)
    with time_machine.travel(night, tick=True):
        midnight = night - dt.timedelta(hours=2)
        await push(complaints, order("EVE-A", midnight - dt.timedelta(hours=3), midnight))
        await push(complaints, order("EVE-B", midnight, night), source=platform_source(OTHER))
    asked = {one.worker_ref: one for one in await complaints.told(RestPauseAsked) if one.worker_ref.startswith("EVE-")}
    assert {ref: one.platform_seconds for ref, one in asked.items()} == {"EVE-A": 3 * 3600, "EVE-B": 2 * 3600}


async def test_a_platform_hears_its_own_share_and_no_hours_elsewhere(complaints: Harness) -> None:
    """One platform alone, or with another whose work began and ended at other hours: what it is told differs in nothing but its
    own share."""
    await works(complaints, "w-own", here="OWN-A", there="OWN-B")
    afternoon = dt.datetime.combine(shanghai_date(clock.now()), dt.time(15), SHANGHAI)
    with time_machine.travel(afternoon, tick=False):
        hours = [afternoon - dt.timedelta(hours=n) for n in (5, 3, 0)]
        await push(complaints, order("OWN-A", hours[0], hours[1]))
        await push(complaints, order("OWN-B", hours[1], hours[2]), source=platform_source(OTHER))
        await push(complaints, order("ALONE", hours[0], hours[2]))
    told = {one.worker_ref: one for one in await complaints.told(RestPauseAsked) if one.limit == "continuous"}
    here, there, alone = told["OWN-A"], told["OWN-B"], told["ALONE"]
    assert (here.platform_seconds, there.platform_seconds, alone.platform_seconds) == (2 * 3600, 3 * 3600, 5 * 3600)
    for one in (here, there, alone):
        assert (one.limit_seconds, one.reached_at) == (4 * 3600, afternoon)
        assert one.helps_until == afternoon + dt.timedelta(minutes=30)
    (person,) = [one for one in await complaints.told(RestLimitReached) if one.worker_id == "w-own"]
    assert (person.worked_seconds, person.reached_at) == (5 * 3600, hours[2] - dt.timedelta(hours=1))


async def test_a_fresh_limit_prompts_the_person_once_and_each_platform(complaints: Harness) -> None:
    await works(complaints, "w-fresh", here="FRESH-A", there="FRESH-B")
    # in the afternoon: around midnight the work would be of two days
    afternoon = dt.datetime.combine(shanghai_date(clock.now()), dt.time(15), SHANGHAI)
    with time_machine.travel(afternoon, tick=True):
        now = clock.now()
        begin, middle = now - dt.timedelta(hours=4, minutes=10), now - dt.timedelta(hours=2, minutes=10)
        await push(complaints, order("FRESH-A", begin, middle))
        await push(complaints, order("FRESH-B", middle, now), source=platform_source(OTHER))
        await push(complaints, order("FRESH-A", middle, now))
    told = [
        one
        for one in await complaints.told(RestLimitReached)
        if one.worker_id == "w-fresh" and one.limit == "continuous"
    ]
    assert [one.platforms for one in told] == [(PLATFORM, OTHER)]
    asked = [one for one in await complaints.told(RestPauseAsked) if one.worker_ref.startswith("FRESH")]
    assert sorted((one.platform, one.worker_ref) for one in asked if one.limit == "continuous") == [
        (PLATFORM, "FRESH-A"),
        (OTHER, "FRESH-B"),
    ]


async def test_an_old_limit_prompts_nobody(complaints: Harness) -> None:
    await push(complaints, on_day("PAST", 8, 13))
    assert [lead.kind for lead in await leads_of("PAST")] == ["rest_exceeded"]
    assert [one for one in await complaints.told(RestPauseAsked) if one.worker_ref == "PAST"] == []


async def test_two_writers_of_one_day_lose_nothing(complaints: Harness) -> None:
    orders = [arrived([on_day("RACE", n / 10, n / 10 + 0.05)]) for n in range(12)]
    await asyncio.gather(*(work_time.store(one) for one in orders))
    row = await WorkDay.get(f"{PLATFORM}|RACE|2026-09-03")
    assert row is not None
    assert len(paired(row.spans["instant_delivery|510681"])) == 12

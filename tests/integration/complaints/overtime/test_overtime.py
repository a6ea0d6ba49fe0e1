"""Leads on the hours of employees, from their orders and footings in whatever order they come."""

from __future__ import annotations

import datetime as dt

from services.complaints.leads.documents import Lead
from shared.contracts.complaints.leads import LeadClosed
from shared.contracts.complaints.time_findings import OvertimeExceeded, WeeklyRestMissing
from shared.contracts.platform import Relation
from shared.contracts.registry import EngagementCorrected
from tests.harness import Harness
from tests.integration.complaints.facts import SOURCE, engagement, order

KINDS = ("overtime_exceeded", "weekly_rest_missing")


async def engaged(complaints: Harness, ref: str, relation: Relation = "employment", version: int = 1) -> None:
    await complaints.publish(
        engagement(EngagementCorrected, f"w-{ref.lower()}", ref, relation=relation, version=version)
    )
    await complaints.settled()


async def push(complaints: Harness, ref: str, days: dict[int, int]) -> None:
    """Days of September with hours of work, from six o'clock."""
    await complaints.publish(*(order(ref, 6, hours, day=day) for day, hours in days.items()), source=SOURCE)
    await complaints.settled()


async def leads_of(ref: str) -> dict[str, Lead]:
    found = await Lead.find({"worker_ref": ref, "holds": True, "kind": {"$in": list(KINDS)}}).to_list()
    return {one.kind: one for one in found}


async def test_an_employees_overtime_makes_one_lead_of_the_month(complaints: Harness) -> None:
    await engaged(complaints, "OVER")
    await push(complaints, "OVER", {1: 9, 2: 8})
    assert await leads_of("OVER") == {}
    await push(complaints, "OVER", {3: 10, 4: 12})
    lead = (await leads_of("OVER"))["overtime_exceeded"]
    assert (lead.district, lead.worker_id, lead.verified, lead.departments) == (
        "510681",
        "w-over",
        True,
        lead.departments,
    )
    found = lead.found
    assert isinstance(found, OvertimeExceeded)
    assert [one.day.day for one in found.days] == [3, 4]
    assert (found.overtime_seconds, found.beyond_special) == ((1 + 2 + 4) * 3600, 1)


async def test_a_week_without_rest_is_found_in_any_order(complaints: Harness) -> None:
    whole = dict.fromkeys(range(7, 14), 2)
    await engaged(complaints, "WEEK-A")
    await push(complaints, "WEEK-A", whole)
    await push(complaints, "WEEK-B", whole)
    await engaged(complaints, "WEEK-B")
    await engaged(complaints, "WEEK-C")
    for day in (13, 7, 10, 8, 12, 9):
        await push(complaints, "WEEK-C", {day: 2})
    assert await leads_of("WEEK-C") == {}
    await push(complaints, "WEEK-C", {11: 2})
    for ref in ("WEEK-A", "WEEK-B", "WEEK-C"):
        found = (await leads_of(ref))["weekly_rest_missing"].found
        assert isinstance(found, WeeklyRestMissing)
        assert [(one.first, one.last) for one in found.weeks] == [(dt.date(2026, 9, 7), dt.date(2026, 9, 13))]


async def test_the_end_of_a_night_leaves_the_day_free(complaints: Harness) -> None:
    """Whichever part of the night is told first: the lead goes, and comes back with work before 24 hours are over."""
    await engaged(complaints, "NIGHT")
    await push(complaints, "NIGHT", dict.fromkeys(range(7, 13), 2))
    await complaints.publish(order("NIGHT", 1, day=13), source=SOURCE)
    await complaints.settled()
    assert set(await leads_of("NIGHT")) == {"weekly_rest_missing"}
    await complaints.publish(order("NIGHT", 23, 2, day=12), source=SOURCE)
    await complaints.settled()
    assert await leads_of("NIGHT") == {}
    await complaints.publish(order("NIGHT", 1, day=14), source=SOURCE)
    await complaints.settled()
    assert set(await leads_of("NIGHT")) == {"weekly_rest_missing"}


async def test_who_is_no_employee_has_neither(complaints: Harness) -> None:
    await engaged(complaints, "FREE", "partial")
    await push(complaints, "FREE", dict.fromkeys(range(7, 14), 11))
    assert await leads_of("FREE") == {}
    await engaged(complaints, "FREE", "employment", version=2)
    assert set(await leads_of("FREE")) == set(KINDS)
    await engaged(complaints, "FREE", "partial", version=3)
    assert await leads_of("FREE") == {}
    closed = [one for one in await complaints.told(LeadClosed) if one.worker_ref == "FREE" and one.kind in KINDS]
    assert {one.outcome for one in closed} == {"withdrawn"}

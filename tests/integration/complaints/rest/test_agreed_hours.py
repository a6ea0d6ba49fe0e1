"""Hours that are agreed collectively, whenever the contract or the parameter becomes known."""

from __future__ import annotations

import datetime as dt

from services.complaints.intake import consumers, hours_commands
from services.complaints.leads.documents import Lead
from services.complaints.pay.documents import PayLaw
from services.complaints.pay.rules import rows
from services.complaints.work_time.documents import WorkDay
from shared.contracts.registry import CollectiveContractEnded, CollectiveContractFact, EngagementCorrected, Terms
from shared.policy.calendar import SHANGHAI
from shared.storage.client import collection_of
from tests.harness import Harness
from tests.integration.complaints.collective_contracts.test_collective_contracts import contract, tell
from tests.integration.complaints.facts import PLATFORM, SOURCE, engagement
from tests.integration.complaints.rest.test_rest import OTHER, arrived, leads_of, on_day, order, push, shift

HALF_DAY = (
    Terms(
        since=dt.date(2026, 8, 1),
        hourly_pay=None,
        longest_continuous_minutes=None,
        longest_daily_minutes=480,
        waiting_percent=None,
    ),
)


async def ended(complaints: Harness, fact: CollectiveContractFact) -> None:
    end = contract(CollectiveContractEnded, contract_id=fact.contract_id, valid_to=dt.date(2026, 8, 2), terms=HALF_DAY)
    await tell(complaints, end)


async def test_hours_agreed_before_they_are_known_are_held_to(complaints: Harness) -> None:
    """Work was stored before the contract is told; and it counts no more once the contract had ended before."""
    await push(complaints, *shift("KNOWN-LATE", 0, 9))
    assert await leads_of("KNOWN-LATE") == []
    agreed = contract(terms=HALF_DAY)
    await tell(complaints, agreed)
    (lead,) = await leads_of("KNOWN-LATE")
    assert (lead.kind, lead.finding["limit_seconds"]) == ("daily_hours_exceeded", 480 * 60)
    assert lead.finding["collective_contract_id"] == agreed.contract_id
    await ended(complaints, agreed)
    assert await leads_of("KNOWN-LATE") == []


async def test_a_contract_of_others_or_of_other_days_changes_nothing(complaints: Harness) -> None:
    await push(complaints, *shift("NOT-BOUND", 0, 9))
    elsewhere = [
        contract(terms=HALF_DAY, platforms=(OTHER,)),
        contract(terms=HALF_DAY, industry="courier"),
        contract(terms=HALF_DAY, district="510683"),
        contract(terms=HALF_DAY, valid_to=dt.date(2026, 9, 2)),
    ]
    await tell(complaints, *elsewhere)
    assert await leads_of("NOT-BOUND") == []
    bound = contract(terms=HALF_DAY, contract_id=elsewhere[0].contract_id)
    await tell(complaints, bound)
    assert len(await leads_of("NOT-BOUND")) == 1
    moved = contract(terms=HALF_DAY, contract_id=bound.contract_id, platforms=(OTHER,))
    await tell(complaints, moved)  # those whom it bound before are looked at too
    assert await leads_of("NOT-BOUND") == []
    for one in elsewhere:
        await ended(complaints, one)


async def test_work_of_a_contract_that_has_ended_is_held_to_it(complaints: Harness) -> None:
    """Also where it comes late, together with the work of others on later days."""
    agreed = contract(terms=HALF_DAY, valid_to=dt.date(2026, 9, 10))
    await tell(complaints, agreed)
    today = dt.datetime(2026, 9, 20, 8, tzinfo=SHANGHAI)
    later = order("A-LATER", today, today + dt.timedelta(hours=1))
    await consumers.on_orders.handle_many(arrived([later, *shift("Z-EARLIER", 0, 9)]))  # type: ignore[misc]
    assert [lead.finding["limit_seconds"] for lead in await leads_of("Z-EARLIER")] == [480 * 60]
    await ended(complaints, agreed)


async def test_another_parameter_has_hours_checked_again(complaints: Harness) -> None:
    """Those of everybody by the limits of rest, and those of employees by the limits of overtime."""
    await complaints.publish(engagement(EngagementCorrected, "w-hours-law", "HOURS-LAW", relation="employment"))
    await push(complaints, *shift("HOURS-LAW", 0, 13))
    before = {lead.kind: lead.finding for lead in await leads_of("HOURS-LAW")}
    assert before.keys() >= {"daily_hours_exceeded", "overtime_exceeded"}
    for kind in before:
        await collection_of(Lead).update_many({"worker_ref": "HOURS-LAW", "kind": kind}, {"$set": {"finding.day": "x"}})
    await hours_commands.follow_law()
    await complaints.settled()
    assert {lead.finding.get("day") for lead in await leads_of("HOURS-LAW")} == {"x"}  # nothing has changed
    known = [row for row in rows(hours_commands.PARAMETERS) if "rest.daily_max_hours" not in row]
    await collection_of(PayLaw).update_one({"_id": hours_commands.LAW}, {"$set": {"rows": known}})
    await hours_commands.follow_law()
    await complaints.settled()
    assert {lead.kind: lead.finding for lead in await leads_of("HOURS-LAW")} == before


async def test_many_days_are_checked_again_some_at_a_time(complaints: Harness) -> None:
    await push(complaints, *(on_day(f"MANY-DAYS-{n}", 8, 9) for n in range(hours_commands.DAYS_READ + 5)))
    await push(complaints, *shift("ZZ-LAST", 0, 9), source=SOURCE)
    assert await WorkDay.find({"_id": {"$gt": f"{PLATFORM}|MANY-DAYS", "$lt": f"{PLATFORM}|MANY-DAYSZ"}}).count() > 200
    agreed = contract(terms=HALF_DAY)
    await tell(complaints, agreed)
    assert len(await leads_of("ZZ-LAST")) == 1
    await ended(complaints, agreed)

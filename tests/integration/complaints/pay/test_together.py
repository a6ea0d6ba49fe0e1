"""Settlements for the same days, references that are given to somebody else, and days off that are published late."""

from __future__ import annotations

import datetime as dt

import pytest_asyncio

from services.complaints.leads.documents import Lead
from services.complaints.pay import commands
from services.complaints.pay.documents import PayLaw
from shared.contracts.registry import EngagementCorrected
from shared.ids import new_id
from shared.storage.client import collection_of
from tests.harness import Harness
from tests.integration.complaints.facts import engagement, order, settlement
from tests.integration.complaints.pay.test_leads import lead_of, push, raised, told_at
from tests.integration.complaints.staff import on_register


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def reader(complaints: Harness) -> None:
    """`complaints.officer`, on the register."""
    await on_register()


async def test_a_rest_paid_later_withdraws_the_lead(complaints: Harness) -> None:
    """Also where it is told to be for other days, or for none of them, after all."""
    first, rest = new_id(), new_id()
    await push(complaints, order("REST", 8, 10), settlement("REST", "150.00", settlement_id=first))
    assert (await lead_of(complaints, "REST"))["finding"]["shortfall"] == "60.00"
    later = dt.date(2026, 9, 20)
    await told_at(complaints, 1, settlement("REST", "40.00", settlement_id=rest, paid_on=later))
    lead = await lead_of(complaints, "REST")
    assert (lead["state"], lead["finding"]["shortfall"], len(lead["events"])) == ("raised", "20.00", 2)
    assert "paid_in_parts" in {one["code"] for one in lead["to_judge"]}
    await told_at(complaints, 2, settlement("REST", "60.00", settlement_id=rest, paid_on=later))
    assert (await lead_of(complaints, "REST"))["state"] == "withdrawn"
    october = dt.date(2026, 10, 1), dt.date(2026, 10, 15)
    moved = settlement("REST", "60.00", settlement_id=rest, paid_on=later, first=october[0], last=october[1])
    await told_at(complaints, 3, moved)
    lead = await lead_of(complaints, "REST")
    assert (lead["state"], lead["finding"]["shortfall"], len(lead["events"])) == ("raised", "60.00", 1)
    assert len({one.lead_id for one in await raised(complaints, "REST")}) == 1


async def test_a_bonus_told_first_is_no_pay_under_the_minimum(complaints: Harness) -> None:
    bonus = settlement("BONUS", "20.00", paid_on=dt.date(2026, 9, 25))
    await push(complaints, order("BONUS", 8, 10), bonus)
    assert [one.worker_ref for one in await raised(complaints, "BONUS")] == ["BONUS"]
    await push(complaints, settlement("BONUS", "210.00"))
    leads = await Lead.find({"worker_ref": "BONUS", "kind": "pay_below_hourly_minimum"}).to_list()
    assert [(lead.state, lead.holds) for lead in leads] == [("withdrawn", False)]


async def test_a_reference_given_away_leaves_old_pay_where_it_was(complaints: Harness) -> None:
    """Whoever has the reference now does not hear of what the one before was paid."""
    before = engagement(EngagementCorrected, "w-left", "AGAIN", relation="partial", engagement_id="e-left")
    gone = {name: getattr(before, name) for name in before.__struct_fields__}
    await complaints.publish(before)
    await push(complaints, order("AGAIN", 8, 10), settlement("AGAIN", "150.00"), relation=None)
    assert (await lead_of(complaints, "AGAIN"))["worker_id"] == "w-left"
    left = EngagementCorrected(**(gone | {"version": 2, "ended_on": dt.date(2026, 9, 20)}))
    begun = engagement(
        EngagementCorrected,
        "w-new",
        "AGAIN",
        relation="partial",
        engagement_id="e-new",
        started_on=dt.date(2026, 9, 22),
    )
    later = {name: getattr(begun, name) for name in begun.__struct_fields__}
    later["happened_at"] = dt.datetime(2026, 9, 22, tzinfo=dt.UTC)
    await complaints.publish(left, EngagementCorrected(**later))
    await complaints.settled()
    assert (await lead_of(complaints, "AGAIN"))["worker_id"] == "w-left"
    october = dt.date(2026, 9, 22), dt.date(2026, 9, 30)
    await push(
        complaints,
        order("AGAIN", 8, 10, day=23),
        settlement("AGAIN", "1.00", first=october[0], last=october[1]),
        relation=None,
    )
    assert (await lead_of(complaints, "AGAIN"))["worker_id"] == "w-new"


async def test_days_off_published_late_have_paydays_judged_again(complaints: Harness) -> None:
    due, paid_on = dt.date(2026, 9, 15), dt.date(2026, 9, 16)
    await push(complaints, order("OFF", 8, 1), settlement("OFF", "900.00", paid_on=paid_on), relation="employment")
    lead = await Lead.find_one({"worker_ref": "OFF", "kind": "pay_late"})
    assert lead is not None
    assert lead.finding["due_on"] == due.isoformat()
    await collection_of(Lead).update_one({"_id": lead.id}, {"$set": {"finding.days": 9}})
    law = await PayLaw.of(commands.PAY_LAW)
    assert law is not None
    old = ["2025-12-25|calendar|before" if "|calendar|" in row else row for row in law.rows]
    assert old != law.rows
    await collection_of(PayLaw).update_one({"_id": commands.PAY_LAW}, {"$set": {"rows": old}})
    await commands.follow_law()
    await complaints.settled()
    again = await Lead.find_one({"_id": lead.id})
    assert again is not None
    assert again.finding["days"] == 1

"""An employee paid by parts of a month: held to the minimum of the month together, whichever part is told last."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from typing import Any

import pytest_asyncio

from services.complaints.leads.documents import Lead
from services.complaints.pay import commands
from services.complaints.pay.documents import PayLaw, Settlement
from shared.contracts.base import Fact
from shared.contracts.complaints.leads import LeadRaised
from shared.contracts.platform import SettlementPaid
from shared.contracts.registry import EngagementCorrected
from shared.storage.client import collection_of
from tests.harness import Harness
from tests.integration.complaints.facts import PLATFORM, SOURCE, engagement, order, settlement
from tests.integration.complaints.pay.test_leads import push, told_at
from tests.integration.complaints.staff import on_register

KIND = "pay_below_monthly_minimum"


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def reader(complaints: Harness) -> None:
    """`complaints.officer`, on the register."""
    await on_register()


def part(ref: str, gross: str, first: int, last: int, **more: Any) -> SettlementPaid:
    days = dt.date(2026, 9, first), dt.date(2026, 9, last)
    return settlement(ref, gross, settlement_id=f"{ref}-{first}", first=days[0], last=days[1], **more)


async def holding(ref: str) -> list[Lead]:
    """The leads on a worker's pay under the monthly minimum that hold."""
    return await Lead.find({"worker_ref": ref, "kind": KIND, "holds": True}).to_list()


async def short(ref: str) -> dict[str, str]:
    return {one.finding["settlement_id"]: one.finding["shortfall"] for one in await holding(ref)}


async def test_parts_of_a_month_are_added_up_in_any_order(complaints: Harness) -> None:
    """By their shares of the month the second half and the first ten days would be short, each by itself."""
    turns = list(permutations(["first", "second", "third", "work", "engagement"]))[::7]
    for step in range(5):
        for turn, order_of_facts in enumerate(turns):
            ref = f"MONTH{turn}"
            facts: dict[str, Fact] = {
                "engagement": engagement(EngagementCorrected, f"w-{ref}", ref, relation="employment"),
                "work": order(ref, 8, 4, day=25),
                "first": part(ref, "100.00", 1, 10),
                "second": part(ref, "1900.00", 11, 20),
                "third": part(ref, "150.00", 21, 30),
            }
            await complaints.publish(facts[order_of_facts[step]], source=SOURCE)
        await complaints.settled()
    for turn in range(len(turns)):
        ref = f"MONTH{turn}"
        [lead] = await holding(ref)
        own = [await Settlement.of(f"{PLATFORM}|{ref}-{first}") for first in (1, 11, 21)]
        assert (lead.finding["settlement_id"], lead.finding["shortfall"]) == (f"{ref}-1", "50.00")
        assert lead.finding["further_settlements"] == [f"{ref}-11", f"{ref}-21"]
        assert (lead.finding["period_start"], lead.finding["period_end"]) == ("2026-09-01", "2026-09-30")
        assert lead.events == [one.event_id for one in own if one is not None]
        assert "part_month" not in lead.to_judge


async def test_the_month_follows_whatever_is_told_of_a_part(complaints: Harness) -> None:
    """The lead is the same one; it holds while the month is short, and each half is by itself where the other is gone."""
    await push(complaints, order("HALF", 8, 4), relation="employment")
    await told_at(complaints, 1, part("HALF", "1000.00", 1, 15))
    [alone] = await holding("HALF")
    assert (alone.finding["shortfall"], "part_month" in alone.to_judge) == ("112.64", True)
    await told_at(complaints, 2, part("HALF", "1100.00", 16, 30))
    assert await short("HALF") == {"HALF-1": "100.00"}
    await told_at(complaints, 3, part("HALF", "1200.00", 16, 30))
    assert await short("HALF") == {}
    await told_at(complaints, 4, part("HALF", "1199.00", 16, 30))
    assert await short("HALF") == {"HALF-1": "1.00"}
    october = dt.date(2026, 10, 16), dt.date(2026, 10, 31)
    moved = settlement("HALF", "1199.00", settlement_id="HALF-16", first=october[0], last=october[1])
    await told_at(complaints, 5, moved)
    [lead] = await holding("HALF")
    assert (lead.id, lead.finding["shortfall"]) == (alone.id, "112.64")
    assert (len(lead.events), "part_month" in lead.to_judge) == (1, True)
    told = [one for one in await complaints.told(LeadRaised) if (one.worker_ref, one.kind) == ("HALF", KIND)]
    assert {one.lead_id for one in told} == {alone.id}


async def test_who_turns_out_to_be_no_employee_is_measured_by_halves(complaints: Harness) -> None:
    halves = part("TURNED", "1000.00", 1, 15), part("TURNED", "1000.00", 16, 30)
    await push(complaints, order("TURNED", 8, 4, day=20), *halves, relation="employment")
    assert await short("TURNED") == {"TURNED-1": "200.00"}
    await complaints.publish(engagement(EngagementCorrected, "w-turned", "TURNED", relation="partial", version=2))
    await complaints.settled()
    assert await short("TURNED") == {}


async def test_checks_of_an_earlier_version_are_made_again(complaints: Harness) -> None:
    await push(complaints, order("OLDER", 8, 4), part("OLDER", "1000.00", 1, 15), relation="employment")
    [lead] = await holding("OLDER")
    await collection_of(Lead).update_one({"_id": lead.id}, {"$set": {"finding.shortfall": "9.00"}})
    law = await PayLaw.of(commands.PAY_LAW)
    assert law is not None
    before = [row for row in law.rows if "|rules|" not in row]
    assert len(before) == len(law.rows) - 1
    await collection_of(PayLaw).update_one({"_id": commands.PAY_LAW}, {"$set": {"rows": before}})
    await commands.follow_law()
    await complaints.settled()
    assert await short("OLDER") == {"OLDER-1": "112.64"}

"""Collective contracts as the registry tells them, and the leads that they give rise to."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest_asyncio
from msgspec.structs import replace

from shared.contracts.complaints.leads import LeadRaised
from shared.contracts.complaints.pay_findings import PieceRateShort
from shared.contracts.registry import (
    Clause,
    CollectiveContractEnded,
    CollectiveContractFact,
    CollectiveContractRecorded,
    Terms,
)
from shared.ids import new_id
from tests.harness import Harness
from tests.integration.complaints.facts import PLATFORM, order, settlement
from tests.integration.complaints.pay.test_leads import hourly, lead_of, push, raised
from tests.integration.complaints.staff import on_register

_minutes = itertools.count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def reader(complaints: Harness) -> None:
    """`complaints.officer`, on the register."""
    await on_register()


def contract(
    fact: type[CollectiveContractFact] = CollectiveContractRecorded, hourly: str | None = "25.00", **changes: Any
) -> CollectiveContractFact:
    facts: dict[str, Any] = {
        "contract_id": new_id(),
        "number": "德集合〔2026〕1号",
        "level": "enterprise",
        "platforms": (PLATFORM,),
        "industry": None,
        "district": "510600",
        "valid_from": dt.date(2026, 8, 1),
        "valid_to": dt.date(2026, 9, 15),
        "terms": (
            Terms(
                since=dt.date(2026, 8, 1),
                hourly_pay=hourly,
                longest_continuous_minutes=240,
                longest_daily_minutes=None,
                waiting_percent="10",
            ),
        ),
    }
    return fact(**(facts | changes))


async def tell(complaints: Harness, *facts: CollectiveContractFact) -> None:
    """What the registry tells, each a minute after the one before."""
    for fact in facts:
        told_at = dt.datetime(2026, 9, 20, tzinfo=dt.UTC) + dt.timedelta(minutes=next(_minutes))
        await complaints.publish(fact, source="/services/registry", time=told_at)
    await complaints.settled()


async def end(complaints: Harness, fact: CollectiveContractFact) -> None:
    """The contract never held, as far as any later test is concerned."""
    await tell(
        complaints, contract(CollectiveContractEnded, contract_id=fact.contract_id, valid_to=dt.date(2026, 8, 2))
    )


async def test_agreed_pay_and_waiting_are_what_pay_is_held_against(complaints: Harness) -> None:
    agreed = contract()
    await tell(complaints, agreed)
    await push(complaints, order("AGREED", 8, 10), settlement("AGREED", "274.99"))
    [told] = await raised(complaints, "AGREED")
    [part] = [one for one in hourly(told).parts if one.working_seconds]
    assert (part.minimum, hourly(told).shortfall, part.collective_contract_id) == ("25.00", "0.01", agreed.contract_id)
    assert (part.working_seconds, part.waiting_percent) == (36_000, "10")
    [shown] = (await lead_of(complaints, "AGREED"))["finding"]["parts"]
    assert (shown["collective_contract_id"], shown["waiting_percent"]) == (agreed.contract_id, "10")
    await push(complaints, order("AGREED2", 8, 10), settlement("AGREED2", "275.00"))
    assert await raised(complaints, "AGREED2") == []
    await end(complaints, agreed)


async def test_pay_under_the_agreed_piece_rate_gives_a_lead(complaints: Harness) -> None:
    """It names the contract and its arithmetic, and is withdrawn with the contract."""
    clause = Clause(
        subject="piece_rates",
        industry="instant_delivery",
        amount="40.00",
        unit="order",
        percent=None,
        since=None,
        until=None,
    )
    terms = Terms(
        since=dt.date(2026, 8, 1),
        hourly_pay=None,
        longest_continuous_minutes=None,
        longest_daily_minutes=None,
        waiting_percent=None,
        clauses=(clause,),
    )
    agreed = contract(terms=(terms,))
    await tell(complaints, agreed)
    await push(complaints, order("PIECE", 8), order("PIECE", 10), replace(settlement("PIECE", "79.50"), orders=2))
    [told] = [one for one in await complaints.told(LeadRaised) if one.worker_ref == "PIECE"]
    assert isinstance(told.finding, PieceRateShort)
    assert (told.finding.due, told.finding.shortfall) == ("80.00", "0.50")
    lead = (await complaints.http.get(f"/v1/leads/{told.lead_id}", headers=complaints.officer)).json()
    assert lead["finding"]["parts"][0]["collective_contract_id"] == agreed.contract_id
    assert {one["code"] for one in lead["to_judge"]} >= {"rate_applies", "pay_not_divided"}
    await push(complaints, order("PIECE2", 8), order("PIECE2", 10), replace(settlement("PIECE2", "80.00"), orders=2))
    assert [one for one in await complaints.told(LeadRaised) if one.worker_ref == "PIECE2"] == []
    await end(complaints, agreed)
    again = (await complaints.http.get(f"/v1/leads/{told.lead_id}", headers=complaints.officer)).json()
    assert again["state"] == "withdrawn"


async def test_without_a_contract_in_force_the_minimum_wage_holds(complaints: Harness) -> None:
    over = contract(valid_to=dt.date(2026, 9, 2))
    other = contract(platforms=("91510600MA0000009X",))
    await tell(complaints, over, other)
    await push(complaints, order("PLAIN", 8, 10), settlement("PLAIN", "210.00"))
    assert await raised(complaints, "PLAIN") == []
    await push(complaints, order("PLAIN2", 8, 10), settlement("PLAIN2", "200.00"))
    [told] = await raised(complaints, "PLAIN2")
    [part] = hourly(told).parts
    assert (part.minimum, part.collective_contract_id, part.waiting_percent) == ("21.00", None, None)


async def test_a_contract_of_the_trade_binds_who_works_in_its_district(complaints: Harness) -> None:
    trade = contract(level="industry", platforms=(), industry="instant_delivery", district="510681")
    await tell(complaints, trade)
    await push(complaints, order("TRADE", 8, 10), settlement("TRADE", "250.00"))
    [told] = await raised(complaints, "TRADE")
    assert hourly(told).parts[0].collective_contract_id == trade.contract_id
    await end(complaints, trade)


async def test_a_contract_known_later_has_pay_checked_again(complaints: Harness) -> None:
    """And one that turns out never to have held takes the lead back."""
    await push(complaints, order("LATEKNOWN", 8, 10), settlement("LATEKNOWN", "240.00"))
    assert await raised(complaints, "LATEKNOWN") == []
    known_late = contract(hourly="26.00", valid_to=dt.date(2026, 9, 4))
    await tell(complaints, known_late)
    shown = await lead_of(complaints, "LATEKNOWN")
    [part] = [one for one in shown["finding"]["parts"] if one["working_seconds"]]
    assert (part["collective_contract_id"], part["minimum"]) == (known_late.contract_id, "26.00")
    await end(complaints, known_late)
    assert (await lead_of(complaints, "LATEKNOWN"))["state"] == "withdrawn"


async def test_an_older_event_on_a_contract_replaces_no_newer_one(complaints: Harness) -> None:
    agreed = contract()
    newer = contract(contract_id=agreed.contract_id, hourly="30.00")
    await complaints.publish(newer, source="/services/registry", time=dt.datetime(2026, 9, 25, tzinfo=dt.UTC))
    await complaints.publish(agreed, source="/services/registry", time=dt.datetime(2026, 9, 24, tzinfo=dt.UTC))
    await complaints.settled()
    await push(complaints, order("NEWER", 8, 10), settlement("NEWER", "280.00"))
    [told] = await raised(complaints, "NEWER")
    assert hourly(told).parts[0].minimum == "30.00"

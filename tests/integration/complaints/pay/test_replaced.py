"""A settlement that takes the place of another: in any order, in chains, and of the same worker alone."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from typing import Any

import pytest_asyncio

from services.complaints.leads.documents import Lead
from shared.contracts.base import Fact
from shared.contracts.platform import platform_source
from tests.harness import Harness
from tests.integration.complaints.facts import PLATFORM, SOURCE, order, settlement
from tests.integration.complaints.pay.test_leads import engaged, push, told_at
from tests.integration.complaints.pay.test_months import part
from tests.integration.complaints.staff import on_register


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def reader(complaints: Harness) -> None:
    """`complaints.officer`, on the register."""
    await on_register()


async def short(ref: str) -> dict[str, str]:
    """By settlement what a worker's pay is short of, by the leads that hold."""
    found = await Lead.find({"worker_ref": ref, "holds": True}).to_list()
    return {one.finding["settlement_id"]: one.finding["shortfall"] for one in found}


async def test_what_is_replaced_counts_no_more_in_any_order(complaints: Harness) -> None:
    """Work of 84 yuan; the three settlements together paid 100, and the one that holds 40."""
    turns = list(permutations(["work", "first", "second", "third"]))
    refs = [f"INSTEAD{turn}" for turn in range(len(turns))]
    await engaged(complaints, *refs)
    for step in range(4):
        for ref, order_of_facts in zip(refs, turns, strict=True):
            facts: dict[str, Fact] = {
                "work": order(ref, 8, 4),
                "first": settlement(ref, "30.00", settlement_id=f"{ref}-a"),
                "second": settlement(ref, "30.00", settlement_id=f"{ref}-b", replaces=f"{ref}-a"),
                "third": settlement(ref, "40.00", settlement_id=f"{ref}-c", replaces=f"{ref}-b"),
            }
            await complaints.publish(facts[order_of_facts[step]], source=SOURCE)
        await complaints.settled()
    for ref in refs:
        assert await short(ref) == {f"{ref}-c": "44.00"}


async def test_a_replaced_settlement_told_again_stays_replaced(complaints: Harness) -> None:
    await push(complaints, order("STAYS", 8, 4))
    await told_at(complaints, 1, settlement("STAYS", "30.00", settlement_id="stays-1"))
    assert await short("STAYS") == {"stays-1": "54.00"}
    await told_at(complaints, 2, settlement("STAYS", "84.00", settlement_id="stays-2", replaces="stays-1"))
    assert await short("STAYS") == {}
    await told_at(complaints, 3, settlement("STAYS", "31.00", settlement_id="stays-1"))
    assert await short("STAYS") == {}
    seen = await complaints.http.get(f"/v1/settlements/{PLATFORM}/stays-1", headers=complaints.officer)
    assert (seen.json()["replaced_by"], seen.json()["gross"]) == ("stays-2", "31.00")
    await told_at(complaints, 4, settlement("STAYS", "84.00", settlement_id="stays-2", replaces="stays-other"))
    assert await short("STAYS") == {}  # 115 yuan together
    await told_at(complaints, 5, settlement("STAYS", "20.00", settlement_id="stays-2"))
    assert list((await short("STAYS")).values()) == ["33.00"]
    await told_at(complaints, 6, settlement("STAYS", "1.00", settlement_id="stays-1", replaces="stays-2"))
    assert await short("STAYS") == {"stays-1": "83.00"}
    await told_at(complaints, 7, settlement("STAYS", "2.00", settlement_id="stays-2", replaces="stays-1"))
    assert await short("STAYS") == {"stays-2": "82.00"}  # of two in each other's place the one told last


async def test_what_is_replaced_by_other_days_holds_no_lead(complaints: Harness) -> None:
    """Until the one that took its place no longer says so."""
    october: dict[str, Any] = {"first": dt.date(2026, 10, 1), "last": dt.date(2026, 10, 15)}
    await push(complaints, order("OTHER", 8, 4), settlement("OTHER", "30.00", settlement_id="other-1"))
    await told_at(complaints, 1, settlement("OTHER", "90.00", settlement_id="other-2", replaces="other-1", **october))
    assert await short("OTHER") == {}
    await told_at(complaints, 2, settlement("OTHER", "90.00", settlement_id="other-2", **october))
    assert await short("OTHER") == {"other-1": "54.00"}


async def test_nobody_replaces_what_is_not_theirs(complaints: Harness) -> None:
    """Neither another worker's settlement nor another platform's."""
    await push(complaints, order("THEIRS", 8, 4), settlement("THEIRS", "30.00", settlement_id="theirs-1"))
    await push(complaints, settlement("NOT-THEIRS", "84.00", settlement_id="theirs-2", replaces="theirs-1"))
    rival = settlement("THEIRS", "84.00", settlement_id="theirs-3", replaces="theirs-1")
    await complaints.publish(rival, source=platform_source("91510600MA0000002X"))
    await complaints.settled()
    assert await short("THEIRS") == {"theirs-1": "54.00"}


async def test_a_half_that_is_replaced_leaves_its_month_to_the_new_one(complaints: Harness) -> None:
    """An employee's month, of which the second half is corrected under another id."""
    await push(complaints, order("SWAP", 8, 4), part("SWAP", "1100.00", 1, 15), relation="employment")
    await push(complaints, part("SWAP", "1100.00", 16, 30), relation=None)
    assert await short("SWAP") == {}
    first, last = part("SWAP", "1", 16, 30).period_start, part("SWAP", "1", 16, 30).period_end
    instead = settlement("SWAP", "1000.00", settlement_id="SWAP-new", first=first, last=last, replaces="SWAP-16")
    await push(complaints, instead, relation=None)
    assert await short("SWAP") == {"SWAP-1": "100.00"}
    [lead] = await Lead.find({"worker_ref": "SWAP", "holds": True}).to_list()
    assert lead.finding["further_settlements"] == ["SWAP-new"]

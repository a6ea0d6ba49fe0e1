"""Accounts of one person at one platform: held to the minimum together, whenever it becomes known that they are one person's; and a
reference that passes to somebody else.
"""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from typing import Any
from unittest.mock import Mock

import pytest
import pytest_asyncio

from services.complaints.leads.documents import Lead
from services.complaints.parties import account_commands, account_rules
from services.complaints.pay.documents import Settlement
from shared.contracts.base import Fact
from shared.contracts.complaints.leads import LeadClosed
from shared.contracts.platform import Relation
from shared.contracts.registry import EngagementCorrected
from shared.storage.records import find
from tests.harness import Harness
from tests.integration.complaints.facts import PLATFORM, SOURCE, engagement, order, settlement
from tests.integration.complaints.staff import on_register

MONTHLY, HOURLY = "pay_below_monthly_minimum", "pay_below_hourly_minimum"
LAST = dt.date(2026, 9, 30)


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def reader(complaints: Harness) -> None:
    """`complaints.officer`, on the register."""
    await on_register()


def hired(person: str, ref: str, relation: Relation = "employment", version: int = 1, **more: Any) -> Fact:
    return engagement(EngagementCorrected, person, ref, relation=relation, version=version, **more)


async def tell(complaints: Harness, *facts: Fact) -> None:
    await complaints.publish(*facts, source=SOURCE)
    await complaints.settled()


async def short(*refs: str) -> dict[str, tuple[str, str | None]]:
    """By settlement what each is short of a minimum by, and whose lead that is, of the leads that hold."""
    wanted = {"worker_ref": {"$in": list(refs)}, "kind": {"$in": [MONTHLY, HOURLY]}, "holds": True}
    found = await Lead.find(wanted).to_list()
    return {one.finding["settlement_id"]: (one.finding["shortfall"], one.worker_id) for one in found}


async def test_two_accounts_are_held_to_one_minimum_in_any_order(complaints: Harness) -> None:
    """Some of it told twice."""
    turns = list(permutations(["first", "second", "paid", "paid too", "work", "work too"]))[::47]
    for step in range(6):
        for turn, in_turn in enumerate(turns):
            one, two = f"TWO{turn}-A", f"TWO{turn}-B"
            facts: dict[str, Fact] = {
                "first": hired(f"w-two{turn}", one),
                "second": hired(f"w-two{turn}", two),
                "paid": settlement(one, "1200.00", settlement_id=f"{one}-s", last=LAST),
                "paid too": settlement(two, "900.00", settlement_id=f"{two}-s", last=LAST),
                "work": order(one, 8, 4, order_id=f"{one}-o"),
                "work too": order(two, 8, 4, order_id=f"{two}-o"),
            }
            told = facts[in_turn[step]]
            await complaints.publish(*([told, told] if turn % 2 else [told]), source=SOURCE)
        await complaints.settled()
    for turn in range(len(turns)):
        one, two = f"TWO{turn}-A", f"TWO{turn}-B"
        assert await short(one, two) == {f"{one}-s": ("100.00", f"w-two{turn}")}
        [lead] = await Lead.find({"worker_ref": one, "kind": MONTHLY, "holds": True}).to_list()
        assert lead.finding["further_settlements"] == [f"{two}-s"]
        assert ("accounts_together" in lead.to_judge, lead.finding["working_seconds"]) == (True, 4 * 3600)


async def test_leads_made_before_the_second_account_was_known_go(complaints: Harness) -> None:
    """By a merger of the records of two people, and come back where that turns out to be wrong."""
    for ref in ("MERGE-A", "MERGE-B"):
        await tell(complaints, hired(f"w-{ref}", ref, "partial"), order(ref, 8, 10))
    paid = [
        settlement(ref, gross, settlement_id=ref, last=LAST)
        for ref, gross in (("MERGE-A", "300.00"), ("MERGE-B", "100.00"))
    ]
    await tell(complaints, *paid)
    assert await short("MERGE-A", "MERGE-B") == {"MERGE-B": ("110.00", "w-MERGE-B")}
    await tell(complaints, hired("w-MERGE-A", "MERGE-B", "partial", version=2))
    assert await short("MERGE-A", "MERGE-B") == {}
    closed = [one for one in await complaints.told(LeadClosed) if one.worker_ref == "MERGE-B"]
    assert [one.outcome for one in closed] == ["withdrawn"]
    await tell(complaints, hired("w-MERGE-B", "MERGE-B", "partial", version=3))
    assert await short("MERGE-A", "MERGE-B") == {"MERGE-B": ("110.00", "w-MERGE-B")}


async def test_who_had_another_account_is_reckoned_without_it(complaints: Harness) -> None:
    """A settlement that another account's pay made up for is short again, though nothing is told of its own account."""
    for ref, gross in (("LOST-A", "200.00"), ("LOST-B", "300.00")):
        await tell(complaints, hired("w-lost", ref, "partial"), order(ref, 8, 10))
        await tell(complaints, settlement(ref, gross, settlement_id=ref, last=LAST))
    assert await short("LOST-A", "LOST-B") == {}
    await tell(complaints, hired("w-found", "LOST-B", "partial", version=2))
    assert await short("LOST-A", "LOST-B") == {"LOST-A": ("10.00", "w-lost")}


async def test_another_footing_keeps_accounts_apart(complaints: Harness) -> None:
    await tell(complaints, hired("w-apart", "APART-A"), hired("w-apart", "APART-B", "partial"))
    await tell(complaints, order("APART-A", 8, 10), order("APART-B", 8, 10))
    for ref, gross in (("APART-A", "3000.00"), ("APART-B", "100.00")):
        await tell(complaints, settlement(ref, gross, settlement_id=ref, last=LAST))
    assert await short("APART-A", "APART-B") == {"APART-B": ("110.00", "w-apart")}


async def test_further_accounts_cost_no_more_beyond_a_bound(
    complaints: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person whom a platform gives ever more references is looked at by each: nobody reckons all of them anew for one, and what they
    pay goes to a person."""
    monkeypatch.setattr(account_rules, "MOST_ACCOUNTS", 3)
    monkeypatch.setattr(account_commands, "ENGAGEMENTS_EACH", 1)
    refs = [f"MANY-{number}" for number in range(9)]

    async def undecided() -> list[str]:
        wanted = {"worker_ref": {"$in": refs}, "undecided": {"$regex": "more references"}}
        return sorted(one.worker_ref for one in await Settlement.find(wanted).to_list())

    for ref in refs[:3]:
        await tell(complaints, hired("w-many", ref), order(ref, 8, 4))
        await tell(complaints, settlement(ref, "500.00", settlement_id=ref, last=LAST))
    assert (await short(*refs), await undecided()) == ({refs[0]: ("700.00", "w-many")}, [])
    costs = []
    for place, ref in enumerate(refs[3:], start=4):
        await tell(complaints, hired("w-many", ref), order(ref, 8, 4))
        await tell(complaints, settlement(ref, "500.00", settlement_id=ref, last=LAST, net="400.00"))
        assert (await short(*refs), await undecided()) == ({}, refs[:place])
        reading = Mock(wraps=find)
        with monkeypatch.context() as patched:
            patched.setattr(account_commands, "find", reading)
            touched = await account_commands.with_other_accounts({f"{PLATFORM}|{ref}"})
        costs.append((reading.call_count, len(touched)))
        assert await account_commands.workers_of("w-many") == {f"{PLATFORM}|{one}" for one in refs[:4]}
    assert costs[1:] == [costs[1]] * 5
    late = await Lead.find({"worker_ref": refs[-1], "kind": "pay_short", "holds": True}).to_list()
    assert [(one.worker_id, "accounts_left_out" in one.to_judge) for one in late] == [("w-many", True)]
    # what was told wrongly of others leaves as many as are reckoned together
    await tell(complaints, *(hired(f"w-{ref}", ref, version=2) for ref in refs[3:]))
    found = await short(*refs[:3])
    assert (found, await undecided()) == ({refs[0]: ("700.00", "w-many")}, [])


async def test_many_engagements_behind_few_accounts_count(complaints: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who begins anew under the same reference every day has one account."""
    monkeypatch.setattr(account_rules, "MOST_ACCOUNTS", 3)
    monkeypatch.setattr(account_commands, "ENGAGEMENTS_EACH", 1)
    again = [
        hired("w-daily", "DAILY-A", engagement_id=f"daily-{day}", started_on=dt.date(2026, 8, day))
        for day in range(1, 8)
    ]
    await tell(complaints, *again, hired("w-daily", "DAILY-B"), order("DAILY-A", 8, 4), order("DAILY-B", 8, 4))
    for ref in ("DAILY-A", "DAILY-B"):
        await tell(complaints, settlement(ref, "1000.00", settlement_id=ref, last=LAST))
    assert await short("DAILY-A", "DAILY-B") == {"DAILY-A": ("200.00", "w-daily")}


async def test_a_settlement_moved_between_accounts_counts_where_it_is(complaints: Harness) -> None:
    await tell(
        complaints,
        hired("w-shift", "SHIFT-A"),
        hired("w-shift", "SHIFT-B"),
        order("SHIFT-A", 8, 4),
        order("SHIFT-B", 8, 4),
    )
    await tell(complaints, settlement("SHIFT-A", "1200.00", settlement_id="SHIFT-A", last=LAST))
    await tell(complaints, settlement("SHIFT-B", "1000.00", settlement_id="SHIFT-B", last=LAST))
    assert await short("SHIFT-A", "SHIFT-B") == {}
    october = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
    await tell(complaints, settlement("SHIFT-B", "1000.00", settlement_id="SHIFT-B", first=october[0], last=october[1]))
    assert await short("SHIFT-A", "SHIFT-B") == {"SHIFT-A": ("1000.00", "w-shift")}


async def test_pay_and_work_are_whose_the_reference_was_that_day(complaints: Harness) -> None:
    """Whichever of the two becomes known first; a settlement over the change is charged to neither, but goes to a person."""
    since = dt.date(2026, 9, 16)
    first = hired("w-before", "PASSED", "partial")
    second = engagement(
        EngagementCorrected, "w-after", "PASSED", relation="partial", engagement_id="engagement-after", started_on=since
    )
    halves = [
        settlement("PASSED", "1.00", settlement_id="passed-1"),
        settlement("PASSED", "2.00", settlement_id="passed-2", first=since, last=LAST),
    ]
    work = [order("PASSED", 8, 10), order("PASSED", 8, 10, day=20)]
    await tell(complaints, first, *work, *halves)
    assert {whose for _, whose in (await short("PASSED")).values()} == {"w-before"}
    await tell(complaints, second)
    assert await short("PASSED") == {"passed-1": ("209.00", "w-before"), "passed-2": ("208.00", "w-after")}
    over = settlement("PASSED", "3.00", settlement_id="passed-2", last=LAST)
    await tell(complaints, over)
    assert await short("PASSED") == {"passed-1": ("209.00", "w-before")}
    held = await Settlement.of(f"{PLATFORM}|passed-2")
    assert held is not None
    assert "passed to somebody else" in str(held.undecided)

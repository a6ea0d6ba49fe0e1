"""What was paid on a decision that was changed or annulled is paid back (行政处罚法 art. 74)."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
import time_machine

from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import PenaltyPaid, PenaltyRefunded, TermMissed
from shared.policy.calendar import SHANGHAI, add_working_days, shanghai_date
from shared.storage.records import find
from tests.harness import Harness
from tests.integration.complaints.penalties.course import Course, filed, later, today
from tests.unit.identity.numbers import make_uscc


def refunding(amount: str, receipt: str, **changes: Any) -> dict[str, Any]:
    return {"amount": amount, "on": today(), "receipt": receipt, **changes}


async def paid(complaints: Harness, uscc: str) -> Course:
    penalty = await filed(complaints, make_uscc(uscc))
    await penalty.served("10000.00")
    await penalty.done("payments", "p-first", {"amount": "10000.00", "on": today(), "receipt": f"{uscc}-1"})
    assert await penalty.do("refunds", "p-first", refunding("1.00", "T-0")) == (409, "nothing-to-refund")
    return penalty


async def terms(penalty: Course) -> list[str]:
    found = await find(Term, {"matter_kind": "penalty", "matter_id": penalty.id, "step": "refund_fine"})
    return [one.state for one in found]


async def test_what_was_paid_on_an_annulled_decision_goes_back(complaints: Harness) -> None:
    penalty = await paid(complaints, "PB0000001")
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    assert await terms(penalty) == ["running"]
    assert await penalty.do("refunds", "p-first", refunding("10000.01", "T-1")) == (422, "too-much")
    before = refunding("1.00", "T-1", on="2020-01-01")
    assert await penalty.do("refunds", "p-first", before) == (422, "refund-day")
    await penalty.done("refunds", "p-first", refunding("4000.00", "T-1"))
    assert await penalty.do("refunds", "p-first", refunding("1.00", "T-1")) == (409, "receipt-known")
    assert (await penalty.letter())["debt"]["refund"] == "6000.00"
    wrong = {"on": today(), "receipt": "PB0000001-1", "text": "误登"}
    assert await penalty.do("payment-corrections", "p-third", wrong) == (409, "refunded")
    await penalty.done("refunds", "p-first", refunding("6000.00", "T-2", interest="12.50"))
    debt = (await penalty.letter())["debt"]
    assert (debt["refund"], [one["interest"] for one in debt["refunds"]]) == ("0.00", ["0.00", "12.50"])
    assert await penalty.do("refunds", "p-first", refunding("0.01", "T-3")) == (409, "nothing-to-refund")
    told = [one for one in await complaints.told(PenaltyRefunded) if one.penalty_id == penalty.id]
    assert [(one.amount, one.interest, one.left) for one in told] == [
        ("4000.00", "0.00", "6000.00"), ("6000.00", "12.50", "0.00")
    ]  # fmt: skip
    assert await terms(penalty) == ["met"]


@pytest.mark.parametrize("annulled", [False, True])
async def test_a_lower_fine_gives_the_rest_back(complaints: Harness, annulled: bool) -> None:
    """And all of it where a court annuls the decision after that."""
    penalty = await paid(complaints, "PB0000002" if annulled else "PB0000003")
    await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
    await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "过罚不当", "fine": "7000.00"})
    await penalty.done("refunds", "p-first", refunding("3000.00", f"T-lower-{annulled}"))
    assert await terms(penalty) == ["met"]
    if annulled:
        await penalty.done("contests", "p-first", {"kind": "suit", "on": today()})
        await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "判决撤销", "annulled": True})
        assert (await penalty.letter())["debt"]["refund"] == "7000.00"
        assert sorted(await terms(penalty)) == ["met", "running"]


async def test_a_refund_that_does_not_come_is_missed(complaints: Harness) -> None:
    penalty = await paid(complaints, "PB0000004")
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    due = add_working_days(shanghai_date(clock.now()), 15).due
    morning = dt.datetime.combine(add_working_days(due, 1).due, dt.time(10), SHANGHAI)
    with time_machine.travel(morning, tick=True):
        for _ in range(3):
            await complaints.settled()
        told = [one for one in await complaints.told(TermMissed) if one.matter_id == penalty.id]
        assert "refund_fine" in {one.step for one in told}


async def test_nothing_goes_back_once_a_payment_is_moved(complaints: Harness) -> None:
    penalty = await paid(complaints, "PB0000005")
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    wrong = {"on": today(), "receipt": "PB0000005-1", "text": "误登"}
    await penalty.done("payment-corrections", "p-fourth", wrong)
    assert await terms(penalty) == ["ended"]
    assert await penalty.do("refunds", "p-first", refunding("1.00", "T-1")) == (409, "nothing-to-refund")


async def test_what_comes_in_after_an_annulment_goes_back(complaints: Harness) -> None:
    """The bank tells of it later; nothing is owed of it, and all of it is paid back in its term."""
    penalty = await filed(complaints, make_uscc("PB0000006"))
    await penalty.served("10000.00")
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    payment = {"amount": "10000.00", "on": today(), "receipt": "PB0000006-1"}
    await penalty.done("payments", "p-first", payment)
    assert await penalty.do("payments", "p-first", payment) == (409, "receipt-known")
    debt = (await penalty.letter())["debt"]
    assert ((await penalty.letter())["state"], debt["owed"], debt["refund"]) == ("annulled", "0.00", "10000.00")
    [told] = [one for one in await complaints.told(PenaltyPaid) if one.penalty_id == penalty.id]
    assert (told.left, await terms(penalty)) == ("0.00", ["running"])
    await penalty.done("refunds", "p-first", refunding("10000.00", "T-6"))
    assert await terms(penalty) == ["met"]


async def test_nothing_is_paid_on_a_decision_never_served(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PB0000007"))
    await penalty.decided("10000.00")
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    payment = {"amount": "10000.00", "on": today(), "receipt": "PB0000007-1"}
    assert await penalty.do("payments", "p-first", payment) == (409, "not-served")


async def test_a_receipt_pays_back_on_one_penalty_alone(complaints: Harness) -> None:
    first, second = await paid(complaints, "PB0000008"), await paid(complaints, "PB0000009")
    for penalty in (first, second):
        await penalty.done("annulment", "p-third", {"text": "程序违法"})
    await first.done("refunds", "p-first", refunding("10000.00", "T-8"))
    assert await second.do("refunds", "p-first", refunding("10000.00", "T-8")) == (409, "receipt-known")


async def test_two_officers_at_once_pay_back_once(complaints: Harness) -> None:
    penalty = await paid(complaints, "PB000000A")
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    answers = await asyncio.gather(
        *(penalty.do("refunds", who, refunding("10000.00", f"T-{who}")) for who in ("p-first", "p-second"))
    )
    assert sorted(status == 200 for status, _ in answers) == [False, True]
    assert (await penalty.letter())["debt"]["refund"] == "0.00"


async def test_a_payment_moved_to_an_annulled_one_goes_back(complaints: Harness) -> None:
    """Of the one on which it never was nothing is paid back, though a refund ran there."""
    wrong, right = await paid(complaints, "PB000000B"), await filed(complaints, make_uscc("PB000000C"))
    await right.served("10000.00")
    for penalty in (wrong, right):
        await penalty.done("annulment", "p-third", {"text": "程序违法"})
    move = {"on": today(), "receipt": "PB000000B-1", "text": "误登", "to": {"penalty_id": right.id}}
    await wrong.done("payment-corrections", "p-fourth", move)
    assert [(await one.letter())["debt"]["refund"] for one in (wrong, right)] == ["0.00", "10000.00"]
    assert (await terms(wrong), await terms(right)) == (["ended"], ["running"])
    assert await wrong.do("refunds", "p-first", refunding("1.00", "T-9")) == (409, "nothing-to-refund")


async def test_what_was_added_during_a_review_goes_back(complaints: Harness) -> None:
    """The office learns of the review only after the fine was paid with what was added (行政处罚法 art. 73)."""
    penalty = await filed(complaints, make_uscc("PB000000D"))
    await penalty.served("10000.00")
    due = dt.date.fromisoformat((await penalty.letter())["debt"]["parts"][0]["on"])
    begun = later(days=(due - shanghai_date(clock.now())).days + 2)
    with time_machine.travel(begun + dt.timedelta(3), tick=True):
        payment = {"amount": "11500.00", "on": today(), "receipt": "PB000000D-1"}
        await penalty.done("payments", "p-first", payment)
        assert (penalty.shown["state"], await terms(penalty)) == ("fulfilled", [])
        review = {"kind": "review", "on": str(shanghai_date(begun))}
        await penalty.done("contests", "p-first", review)
        assert (await penalty.letter())["debt"]["refund"] == "1200.00"
        assert await terms(penalty) == ["running"]

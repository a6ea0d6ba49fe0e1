"""What was paid on a decision that was changed or annulled is paid back (行政处罚法 art. 74)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import PenaltyRefunded, TermMissed
from shared.policy.calendar import SHANGHAI, add_working_days, shanghai_date
from shared.storage.records import find
from tests.harness import Harness
from tests.integration.complaints.penalties.course import Course, filed, today
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
    await penalty.done("refunds", "p-first", refunding("3000.00", "T-1"))
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

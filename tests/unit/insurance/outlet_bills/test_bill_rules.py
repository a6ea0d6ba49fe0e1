"""Outlets' bills: every state, what sets off what, and whose a benefit is by what was paid."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.outlet_bills.rules import (
    STATES,
    Event,
    Owed,
    State,
    contributions,
    due_on,
    made_up_on,
    reliefs,
    set_offs,
)
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

ACCIDENT, TODAY = dt.date(2026, 10, 20), dt.date(2026, 12, 1)
LAW = parameters.on(TODAY, place="510603", industry="courier")
ALLOWED = {
    ("none", "issue"): "issued",
    **{(state, "redrawn"): state for state in ("issued", "part_paid", "overdue", "paid")},
    **{(state, "reminder"): state for state in ("issued", "part_paid", "overdue")},
    **{(state, "full_payment"): "paid" for state in ("issued", "part_paid", "overdue")},
    ("issued", "part_payment"): "part_paid",
    ("part_paid", "part_payment"): "part_paid",
    ("overdue", "part_payment"): "overdue",
    ("issued", "due_day_passed"): "overdue",
    ("part_paid", "due_day_passed"): "overdue",
    ("paid", "raised"): "part_paid",
}


def test_every_move_of_a_bill() -> None:
    goes_by(STATES, ALLOWED, ["none", *get_args(State)], get_args(Event))


def test_a_bill_is_due_on_the_day_of_the_next_month() -> None:
    """15 November 2026 is a Sunday: the day moves to Monday."""
    assert due_on("2026-10", LAW) == dt.date(2026, 11, 16)


fen = st.decimals(-10_000, 10_000, places=2)


@given(st.lists(fen, max_size=8))
def test_every_fen_stays_in_one_place(balances: list[Decimal]) -> None:
    """What is taken from one bill comes to another; no excess becomes a debt, and none is left where a debt is."""
    before = [(f"2026-{number:02}", balance) for number, balance in enumerate(balances, 1)]
    after = dict(before)
    for one in set_offs(before):
        assert one.amount > 0
        after[one.from_bill] -= one.amount
        after[one.to_bill] += one.amount
    assert sum(after.values()) == sum(balances)
    for bill, balance in before:
        assert (after[bill] >= 0) if balance >= 0 else (balance <= after[bill] <= 0)
    assert all(one >= 0 for one in after.values()) or all(one <= 0 for one in after.values())


def test_the_oldest_excess_meets_the_oldest_debt() -> None:
    found = set_offs([("a", Decimal(5)), ("b", Decimal(-3)), ("c", Decimal(2)), ("d", Decimal(-4))])
    assert [(one.from_bill, one.to_bill, one.amount) for one in found] == [
        ("a", "b", Decimal(3)), ("a", "d", Decimal(2)), ("c", "d", Decimal(2)),
    ]  # fmt: skip


def owed(month: str, due: str, settled: str | None) -> Owed:
    return Owed(month, dt.date.fromisoformat(due), dt.date.fromisoformat(settled) if settled else None)


@pytest.mark.parametrize(
    ("bills", "stand"),
    [
        ([], "paid"),
        ([owed("2026-09", "2026-10-15", "2026-10-15")], "paid"),
        ([owed("2026-09", "2026-10-15", None)], "unpaid"),
        ([owed("2026-09", "2026-10-15", "2026-10-20")], "paid"),
        ([owed("2026-09", "2026-10-15", "2026-10-21")], "paid_since"),
        ([owed("2026-10", "2026-11-16", "2026-11-30")], "paid"),
        ([owed("2026-10", "2026-11-16", None)], "paid"),
        ([owed("2026-09", "2026-10-20", None)], "paid"),
        ([owed("2026-09", "2026-10-19", None)], "unpaid"),
        ([owed("2026-09", "2026-10-21", None)], "paid"),
        ([owed("2026-11", "2026-11-20", None)], "paid"),
        ([owed("2026-09", "2026-10-15", "2026-10-25"), owed("2026-10", "2026-11-16", None)], "paid_since"),
        ([owed("2026-08", "2026-09-15", "2026-11-01"), owed("2026-09", "2026-10-15", None)], "unpaid"),
    ],
)
def test_arrears_at_the_accident(bills: list[Owed], stand: str) -> None:
    """社会保险法 art. 41: those that had fallen due when it happened; what fell due later is no default of that day, paid or not."""
    assert contributions(bills, ACCIDENT) == stand


@pytest.mark.parametrize(
    ("bills", "day"),
    [
        ([], None),
        ([owed("2026-09", "2026-10-15", "2026-10-15")], None),
        ([owed("2026-09", "2026-10-15", "2026-10-25")], "2026-10-25"),
        ([owed("2026-08", "2026-09-15", "2026-11-01"), owed("2026-09", "2026-10-15", "2026-10-25")], "2026-11-01"),
        ([owed("2026-08", "2026-09-15", "2026-11-01"), owed("2026-09", "2026-10-15", None)], None),
        ([owed("2026-10", "2026-11-16", "2026-11-30")], None),
    ],
)
def test_arrears_are_made_up_when_the_last_is_paid(bills: list[Owed], day: str | None) -> None:
    """工伤保险条例 art. 62(3): from then on new costs are the fund's."""
    assert made_up_on(bills, ACCIDENT) == (day and dt.date.fromisoformat(day))


@pytest.mark.parametrize(
    ("asked", "owed", "expected"),
    [
        ([], "64", []),
        ([("2026-10-01", "64"), ("2026-11-01", "48")], "48", []),
        ([("2026-10-01", "48"), ("2026-11-01", "64")], "64", []),
        ([("2026-10-01", "64"), ("2026-11-01", "48"), ("2026-12-01", "64")], "64", [16, -16]),
        ([("2026-10-01", "64"), ("2026-11-01", "48"), ("2026-12-01", "72")], "72", [24, -24]),
        ([("2026-10-01", "64"), ("2026-11-01", "48"), ("2026-12-01", "40")], "40", []),
        ([("2026-10-01", "64"), ("2026-11-01", "0"), ("2026-12-01", "40"), ("2027-01-01", "64")], "64", [64, -64, 24, -24]),
    ],
)  # fmt: skip
def test_what_a_bill_did_not_ask_for_bears_no_late_fee(
    asked: list[tuple[str, str]], owed: str, expected: list[int]
) -> None:
    """While it had been lowered; what it never asked for before is owed all the same."""
    known = [(dt.date.fromisoformat(on), Decimal(amount)) for on, amount in asked]
    assert [amount for _, amount in reliefs(known, Decimal(owed))] == expected

"""How a bill stands, over every state and event; and what paying late costs."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.billing.rules import STATES, Event, State, late_fee
from tests.unit.machines import goes_by

DUE, RATE = dt.date(2026, 10, 15), Decimal("0.0005")

ALLOWED = {
    ("draft", "issue"): "issued",
    ("draft", "credit"): "credited",
    **{(state, "reminder"): state for state in ("issued", "part_paid", "overdue")},
    **{(state, "full_payment"): "paid" for state in ("issued", "part_paid", "overdue")},
    **{(state, "part_payment"): "part_paid" for state in ("issued", "part_paid")},
    ("overdue", "part_payment"): "overdue",
    **{(state, "due_day_passed"): "overdue" for state in ("issued", "part_paid")},
}


def test_a_bill_takes_every_step_of_the_table_and_no_other() -> None:
    goes_by(STATES, ALLOWED, get_args(State), get_args(Event))


def day(number: int) -> dt.date:
    return dt.date(2026, 10, number)


@pytest.mark.parametrize(
    ("payments", "on", "yuan"),
    [
        ([], 15, "0.00"),
        ([], 16, "0.50"),
        ([], 25, "5.00"),
        ([(15, "1000")], 25, "0.00"),
        ([(16, "1000")], 25, "0.50"),
        ([(20, "600"), (22, "400")], 31, "2.90"),
        ([(22, "400"), (20, "600")], 21, "2.70"),
        ([(20, "999.99")], 31, "2.50"),
    ],
)
def test_each_late_day_costs_the_rate_of_what_was_owed(payments: list[tuple[int, str]], on: int, yuan: str) -> None:
    """What was owed when the day began."""
    paid = [(day(number), Decimal(amount)) for number, amount in payments]
    assert late_fee(Decimal(1000), paid, DUE, day(on), RATE) == Decimal(yuan)


fen = st.integers(1, 10**9).map(lambda count: Decimal(count) / 100)
history = st.lists(st.tuples(st.dates(dt.date(2026, 10, 1), dt.date(2027, 3, 1)), fen), max_size=6)


@given(fen, history, st.dates(dt.date(2026, 10, 1), dt.date(2027, 3, 1)))
def test_a_late_fee_is_the_sum_of_its_days(
    premium: Decimal, payments: list[tuple[dt.date, Decimal]], on: dt.date
) -> None:
    """In whatever order its payments become known."""
    total, one = Decimal(0), DUE + dt.timedelta(days=1)
    while one <= on:
        owed = premium - sum((amount for paid_on, amount in payments if paid_on < one), Decimal(0))
        total += max(owed, Decimal(0)) * RATE
        one += dt.timedelta(days=1)
    found = late_fee(premium, payments, DUE, on, RATE)
    assert found == total.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert found == late_fee(premium, payments[::-1], DUE, on, RATE)
    assert late_fee(premium, payments, DUE, on + dt.timedelta(days=1), RATE) >= found

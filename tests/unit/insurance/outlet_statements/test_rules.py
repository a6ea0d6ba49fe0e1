"""What a courier outlet's insurance costs a month, and how its statement comes to be."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from services.insurance.outlet_statements.rules import STATES, Event, average_wage, contribution
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

LAW = parameters.on(dt.date(2026, 9, 1), place="510603", industry="courier")
STATEMENT = {
    ("none", "incomplete"): "waiting",
    ("none", "draw"): "drawn",
    ("waiting", "incomplete"): "waiting",
    ("waiting", "draw"): "drawn",
    ("drawn", "draw"): "drawn",
}


def test_every_event_goes_by_the_table_or_is_refused() -> None:
    goes_by(STATES, STATEMENT, ("none", "waiting", "drawn"), get_args(Event))


def test_a_month_costs_a_rate_of_each_persons_average_wage() -> None:
    due = contribution(3, Decimal("7512.35"), LAW)
    assert (due.base, due.amount, due.worker_amount) == (Decimal("22537.05"), Decimal("90.15"), Decimal("0.00"))


@given(st.integers(0, 500), st.decimals("0.01", "30000", places=2))
def test_a_contribution_is_never_off_by_more_than_half_a_fen(people: int, wage: Decimal) -> None:
    """It is in whole fen."""
    due = contribution(people, wage, LAW)
    exact = wage * people * LAW.amount("express_outlet.base_ratio") * LAW.amount("express_outlet.rate")
    assert due.amount == due.amount.quantize(Decimal("0.01"))
    assert abs(due.amount - exact) <= Decimal("0.005")


def test_the_average_wage_is_unknown_until_an_officer_enters_it() -> None:
    assert average_wage(None, LAW) is None
    assert average_wage(Decimal("7000"), LAW) == 7000

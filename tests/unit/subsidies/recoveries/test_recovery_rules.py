"""Instalments of what is claimed back, and how a recovery moves."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subsidies.recoveries.rules import (
    STATES,
    Instalment,
    Move,
    State,
    check_claim,
    check_decider,
    check_heard,
    check_receipt,
    missing,
    next_due,
    plan,
)
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import Law, parameters
from tests.unit.machines import goes_by

FIRST = dt.date(2026, 12, 31)
LIVE = ("open", "overdue")
TABLE: dict[tuple[str, str], str] = {
    ("proposed", "state"): "proposed",
    ("proposed", "claim"): "open",
    ("proposed", "cancel"): "cancelled",
    **{(state, "receive"): state for state in LIVE},
    **{(state, "miss"): "overdue" for state in LIVE},
    **{(state, "agree"): "open" for state in LIVE},
    **{(state, "settle"): "recovered" for state in LIVE},
    **{(state, "cancel"): "cancelled" for state in LIVE},
    **{(state, "write_off"): "written_off" for state in LIVE},
}


def law() -> Law:
    return parameters.on(dt.date(2026, 11, 30), place="510603")


def test_a_recovery_moves_by_the_table() -> None:
    goes_by(STATES, TABLE, get_args(State), get_args(Move))


def test_instalments_are_equal_and_the_last_takes_the_rest() -> None:
    assert plan(Decimal("100.00"), 3, FIRST, law()) == [
        Instalment(dt.date(2026, 12, 31), Decimal("33.33")),
        Instalment(dt.date(2027, 1, 31), Decimal("33.33")),
        Instalment(dt.date(2027, 2, 28), Decimal("33.34")),
    ]


@given(st.decimals(min_value="0.12", max_value="999999.99", places=2), st.integers(min_value=1, max_value=12))
def test_instalments_add_up_to_the_fen(amount: Decimal, count: int) -> None:
    found = plan(amount, count, FIRST, law())
    assert sum(one.amount for one in found) == amount
    assert all(one.amount > 0 for one in found)


@pytest.mark.parametrize(("amount", "count"), [("100.00", 13), ("0.02", 3), ("1.00", 0)])
def test_there_are_not_too_many_instalments(amount: str, count: int) -> None:
    with pytest.raises(RuleBroken):
        plan(Decimal(amount), count, FIRST, law())


def test_what_is_missing_grows_with_the_days() -> None:
    found = plan(Decimal("100.00"), 2, FIRST, law())
    days = [FIRST - dt.timedelta(1), FIRST, dt.date(2027, 1, 31)]
    assert [missing(found, Decimal("20.00"), day) for day in days] == [Decimal(0), Decimal("30.00"), Decimal("80.00")]
    assert [next_due(found, day) for day in days] == [FIRST, dt.date(2027, 1, 31), None]


def test_no_more_is_claimed_than_was_paid() -> None:
    check_claim(Decimal("40.00"), Decimal("100.00"), Decimal("60.00"))
    for amount in ("40.01", "0.00"):
        with pytest.raises(RuleBroken):
            check_claim(Decimal(amount), Decimal("100.00"), Decimal("60.00"))


def test_no_more_comes_back_than_is_owed() -> None:
    check_receipt(Decimal("40.00"), Decimal("40.00"))
    with pytest.raises(RuleBroken):
        check_receipt(Decimal("40.01"), Decimal("40.00"))


def test_another_officer_decides_than_who_proposed() -> None:
    check_decider("officer:b", "officer:a")
    with pytest.raises(Conflict, match="second-officer-needed"):
        check_decider("officer:a", "officer:a")


def test_nobody_decides_before_who_was_paid_was_heard() -> None:
    check_heard(FIRST, FIRST, stated=True)
    check_heard(FIRST, FIRST + dt.timedelta(1), stated=False)
    with pytest.raises(Conflict, match="not-heard-yet"):
        check_heard(FIRST, FIRST, stated=False)

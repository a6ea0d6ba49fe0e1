"""When dues may be paid later, by which steps, and that no late fee grows then."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.billing.rules import late_fee
from services.insurance.deferrals import rules
from services.insurance.deferrals.rules import STATES, Event, State
from services.insurance.dues.amounts import grown_fee
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

DAY = dt.date(2026, 11, 30)
DUE = {"2026-09": dt.date(2026, 10, 15), "2026-11": dt.date(2026, 12, 15)}
STEPS = {
    ("asked", "propose"): "proposed",
    ("asked", "withdraw"): "withdrawn",
    ("proposed", "propose"): "proposed",
    ("proposed", "withdraw"): "withdrawn",
    ("proposed", "grant"): "granted",
    ("proposed", "refuse"): "refused",
    ("granted", "cancel"): "cancelled",
    ("granted", "breach"): "breached",
    ("granted", "fulfil"): "fulfilled",
    ("granted", "lapse"): "unpaid",
}
RATE = Decimal("0.0005")


def test_every_state_and_event() -> None:
    goes_by(STATES, STEPS, get_args(State), get_args(Event))


@pytest.mark.parametrize(
    ("ground", "months", "guaranteed", "refused"),
    [
        ("force_majeure", ["2026-11"], False, None),
        ("force_majeure", ["2026-09", "2026-11"], False, None),
        ("agreement", ["2026-09"], True, None),
        ("agreement", ["2026-09"], False, "guarantee-missing"),
        ("agreement", ["2026-11"], True, "not-overdue"),
        ("force_majeure", ["2026-09", "2026-09"], False, "month-twice"),
        ("force_majeure", ["2026-12"], False, "month-to-come"),
    ],
)
def test_who_may_ask_for_what(ground: Any, months: list[str], guaranteed: bool, refused: str | None) -> None:
    if refused is None:
        rules.check_asked(ground, months, DUE, DAY, guaranteed=guaranteed)
    else:
        with pytest.raises(RuleBroken) as raised:
            rules.check_asked(ground, months, DUE, DAY, guaranteed=guaranteed)
        assert raised.value.kind == refused


def test_no_rule_names_the_longest_term() -> None:
    assert rules.longest(DAY, parameters.on(DAY, place="510600")) is None
    assert rules.last_day(dt.date(2027, 1, 31), DAY, None) > dt.date(2027, 1, 29)
    for last, limit in ((DAY, None), (dt.date(2027, 3, 1), dt.date(2027, 2, 26))):
        with pytest.raises(RuleBroken):
            rules.last_day(last, DAY, limit)


@pytest.mark.parametrize(
    ("state", "outcome", "fits"),
    [
        ("asked", "grant", True),
        ("proposed", "refuse", True),
        ("granted", "breach", True),
        ("granted", "grant", False),
        ("asked", "cancel", False),
        ("unpaid", "cancel", False),
    ],
)
def test_what_can_be_proposed_of_it(state: Any, outcome: Any, fits: bool) -> None:
    if fits:
        rules.check_proposed(state, outcome)
    else:
        with pytest.raises(Conflict):
            rules.check_proposed(state, outcome)


def test_another_officer_confirms() -> None:
    rules.check_confirmer("two", "one")
    for by, proposer in (("one", "one"), ("two", None)):
        with pytest.raises(Conflict):
            rules.check_confirmer(by, proposer)


@given(
    st.integers(1, 90), st.integers(0, 60), st.integers(0, 200),
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 900)), max_size=3),
)  # fmt: skip
def test_no_late_fee_grows_within_the_term(begins: int, days: int, asked: int, paid: list[tuple[int, int]]) -> None:
    """Before and after it grows as it would; within it the fee stands still."""
    due = dt.date(2026, 10, 15)
    first, last = due + dt.timedelta(begins), due + dt.timedelta(begins + days)
    payments = [(due + dt.timedelta(at), Decimal(yuan)) for at, yuan in paid]

    def fee(day: dt.date) -> Decimal:
        return grown_fee(Decimal(3000), payments, due, day, RATE, (first, last))

    before = late_fee(Decimal(3000), payments, due, first - dt.timedelta(1), RATE)
    assert fee(last) == before
    day = due + dt.timedelta(asked)
    whole = late_fee(Decimal(3000), payments, due, day, RATE)
    assert fee(day) == (whole if day < first else before if day <= last else fee(day))
    assert 0 <= fee(day) <= whole


def test_after_the_term_it_costs_a_late_fee_again() -> None:
    due = dt.date(2026, 10, 15)
    term = (dt.date(2026, 10, 26), dt.date(2026, 11, 25))
    fee = grown_fee(Decimal(1000), [], due, dt.date(2026, 11, 27), RATE, term)
    assert fee == Decimal("6.00")  # ten days before it, two after

"""What was paid beyond the end of an entitlement, and the hearing of the payee before anything is claimed back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest

from services.insurance.recoveries import rules
from services.insurance.recoveries.rules import STATES, Event, State
from shared.errors import Conflict
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by


def test_every_state_and_event_of_a_recovery() -> None:
    moves: dict[tuple[str, str], str] = {
        ("proposed", "heard"): "proposed",
        ("proposed", "ordered"): "ordered",
        ("proposed", "dropped"): "dropped",
    }
    goes_by(STATES, moves, get_args(State), get_args(Event))


def test_only_what_the_fund_paid_for_later_months_comes_back() -> None:
    paid = [
        ("2026-08", Decimal("100.01"), True),
        ("2026-09", Decimal("100.02"), True),
        ("2026-10", Decimal("100.04"), True),
        ("2026-11", Decimal("100.08"), False),
        (None, Decimal("1000.00"), True),
    ]
    assert rules.paid_beyond(paid, "2026-08") == Decimal("200.06")
    assert rules.paid_beyond(paid, "2026-10") == 0


def test_a_payee_has_five_working_days_to_speak() -> None:
    """2026-09-30 is a Wednesday before the holidays of 1 to 7 October; Saturday the 10th is worked."""
    law = parameters.on(dt.date(2026, 9, 30))
    until = rules.answer_by(dt.date(2026, 9, 30), law)
    assert until.due == dt.date(2026, 10, 13)
    assert not until.provisional


def test_nothing_is_ordered_before_the_payee_could_speak() -> None:
    until = dt.date(2026, 10, 13)
    with pytest.raises(Conflict):
        rules.require_heard(0, until, until)
    rules.require_heard(1, until, until)
    rules.require_heard(0, until, until + dt.timedelta(days=1))
    rules.require_heard(0, None, until)

"""The yearly check over its whole table, and its days."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import pytest

from services.insurance.qualification import rules
from services.insurance.qualification.rules import STATES, Event, State
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

STEPS: dict[str, dict[str, str]] = {
    "confirmed": {
        "reminded": "reminded",
        "self_checked": "confirmed",
        "verified": "confirmed",
        "doubted": "questioned",
        "missed": "missed",
        "ended": "ended",
        "granted": "confirmed",
    },
    "reminded": {
        "self_checked": "confirmed",
        "verified": "confirmed",
        "doubted": "questioned",
        "missed": "missed",
        "ended": "ended",
        "granted": "reminded",
    },
    "questioned": {"verified": "confirmed", "doubted": "questioned", "ended": "ended", "granted": "questioned"},
    "missed": {
        "self_checked": "confirmed",
        "verified": "confirmed",
        "doubted": "questioned",
        "ended": "ended",
        "granted": "missed",
    },
    "ended": {"granted": "confirmed"},
}


def test_every_state_and_event() -> None:
    flat = {(state, event): then for state, moves in STEPS.items() for event, then in moves.items()}
    goes_by(STATES, flat, get_args(State), get_args(Event))


@pytest.mark.parametrize(
    ("to_kin", "kin", "of_kin", "told", "heard"),
    [
        (False, [], False, [], True),
        (True, ["k1"], True, ["k1", "k2"], True),
        (True, ["k1"], True, ["k2"], False),
        (True, ["k1"], False, [], False),
        (False, [], True, ["k1"], False),
    ],
)
def test_who_hears_of_an_end_from_the_check(to_kin: bool, kin: list[str], of_kin: bool, told: Any, heard: bool) -> None:
    """The worker from their own, next of kin from theirs; who does not, hears of the benefit's end."""
    assert rules.hear_of_end(to_kin, kin, of_kin, told) is heard


def test_a_check_is_due_a_year_after_the_last() -> None:
    """One is reminded of it before."""
    law = parameters.on(dt.date(2028, 2, 29))
    due = rules.due_on(dt.date(2028, 2, 29), law)
    assert due == dt.date(2029, 2, 28)
    assert rules.remind_on(due, law) == dt.date(2029, 1, 29)

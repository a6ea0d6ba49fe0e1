"""The yearly check over its whole table, and its days."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.insurance.qualification import rules
from services.insurance.qualification.rules import Event, State, WrongState
from shared.policy.parameters import parameters

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


@pytest.mark.parametrize(("state", "event"), list(product(get_args(State), get_args(Event))))
def test_every_state_and_event(state: State, event: Event) -> None:
    if event in STEPS[state]:
        assert rules.follow(state, event) == STEPS[state][event]
    else:
        with pytest.raises(WrongState):
            rules.follow(state, event)


def test_a_check_is_due_a_year_after_the_last_and_reminded_of_before() -> None:
    law = parameters.on(dt.date(2028, 2, 29))
    due = rules.due_on(dt.date(2028, 2, 29), law)
    assert due == dt.date(2029, 2, 28)
    assert rules.remind_on(due, law) == dt.date(2029, 1, 29)

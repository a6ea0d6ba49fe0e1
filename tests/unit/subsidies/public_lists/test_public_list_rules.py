"""How an objection to a public notice is dealt with (德人社发〔2022〕95号 art. 12, 14)."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from services.subsidies.public_lists import rules
from services.subsidies.public_lists.rules import STATES, Move, State
from shared.errors import Conflict
from tests.unit.machines import goes_by

BY_LAW: dict[State, dict[Move, State]] = {
    # who objects is told what came of it, once
    "open": {"uphold": "upheld", "dismiss": "dismissed"},
    "upheld": {},
    "dismissed": {},
}


def test_an_objection_moves_only_as_the_law_says() -> None:
    assert set(BY_LAW) == set(get_args(State))
    table = {(state, move): then for state, moves in BY_LAW.items() for move, then in moves.items()}
    goes_by(STATES, table, get_args(State), get_args(Move))


def test_an_objection_is_made_while_the_notice_hangs() -> None:
    """From its first day to its last, both among them."""
    first, last = dt.date(2026, 9, 7), dt.date(2026, 9, 11)
    for day in (first, last):
        rules.check_days(first, last, day)
    for since, until, today in (
        (first, last, first - dt.timedelta(1)),
        (first, last, last + dt.timedelta(1)),
        (None, None, first),
    ):
        with pytest.raises(Conflict):
            rules.check_days(since, until, today)

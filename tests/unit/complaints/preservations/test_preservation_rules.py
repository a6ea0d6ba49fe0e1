from __future__ import annotations

from typing import get_args

import pytest

from services.complaints.preservations import rules
from services.complaints.preservations.rules import STATES, Move, State
from shared.errors import Conflict
from tests.unit.machines import goes_by

BY_LAW: dict[State, dict[Move, State]] = {
    # 行政处罚法 art. 56: with the leave of who is in charge, and decided on within seven days
    "asked": {"approve": "kept", "refuse": "refused"},
    "kept": {"decide": "decided", "lapse": "lapsed"},
    "refused": {},
    "decided": {},
    "lapsed": {},
}


def test_what_is_kept_moves_only_as_the_law_says() -> None:
    assert set(BY_LAW) == set(get_args(State))
    table = {(state, move): then for state, moves in BY_LAW.items() for move, then in moves.items()}
    goes_by(STATES, table, get_args(State), get_args(Move))


def test_nothing_leads_out_of_what_is_over() -> None:
    assert STATES.final == {"refused", "decided", "lapsed"}


def test_nobody_gives_leave_to_themselves() -> None:
    rules.check_another("a", "b")
    with pytest.raises(Conflict):
        rules.check_another("a", "a")

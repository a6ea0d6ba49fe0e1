from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from services.complaints.preservations import rules
from services.complaints.preservations.rules import STATES, Move, State
from shared.errors import Conflict

BY_LAW: dict[State, dict[Move, State]] = {
    # 行政处罚法 art. 56: with the leave of who is in charge, and decided on within seven days
    "asked": {"approve": "kept", "refuse": "refused"},
    "kept": {"decide": "decided", "lapse": "lapsed"},
    "refused": {},
    "decided": {},
    "lapsed": {},
}


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_what_is_kept_moves_only_as_the_law_says(state: State, move: Move) -> None:
    if move in BY_LAW[state]:
        assert STATES.next(state, move) == BY_LAW[state][move]
    else:
        with pytest.raises(Conflict):
            STATES.next(state, move)


def test_nothing_leads_out_of_what_is_over() -> None:
    assert STATES.final == {"refused", "decided", "lapsed"}


def test_nobody_gives_leave_to_themselves() -> None:
    rules.check_another("a", "b")
    with pytest.raises(Conflict):
        rules.check_another("a", "a")

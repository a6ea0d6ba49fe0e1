from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from services.complaints.preservations import rules
from services.complaints.preservations.rules import MOVES, STATES, Move, State
from shared.errors import Conflict


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_what_is_kept_moves_only_as_the_table_says(state: State, move: Move) -> None:
    if (state, move) in MOVES:
        assert STATES.next(state, move) == MOVES[state, move]
        return
    with pytest.raises(Conflict):
        STATES.next(state, move)


def test_nothing_leads_out_of_what_is_over() -> None:
    assert STATES.final == {"refused", "decided", "lapsed"}


def test_nobody_gives_leave_to_themselves() -> None:
    rules.check_another("a", "b")
    with pytest.raises(Conflict):
        rules.check_another("a", "a")

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from services.subsidies.counselling import rules
from services.subsidies.counselling.rules import Move, State
from shared.contracts import catalogue
from shared.errors import Conflict

LEGAL = {
    ("asked", "assign"): "assigned",
    ("asked", "withdraw"): "withdrawn",
    ("assigned", "assign"): "assigned",
    ("assigned", "accept"): "accepted",
    ("assigned", "decline"): "asked",
    ("assigned", "withdraw"): "withdrawn",
    ("accepted", "finish"): "finished",
    ("accepted", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_a_referral_moves_only_as_the_table_says(state: State, move: Move) -> None:
    if (state, move) in LEGAL:
        assert rules.STATES.next(state, move) == LEGAL[state, move]
    else:
        with pytest.raises(Conflict):
            rules.STATES.next(state, move)


def test_no_event_tells_of_counselling() -> None:
    assert not [name for name in catalogue if "counsel" in name or "referral" in name]

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.subsidies.attendance import rules
from services.subsidies.attendance.rules import Move, Presence, State
from shared.errors import Conflict

LEGAL = {("none", "raise"): "open", ("open", "dismiss"): "dismissed", ("open", "confirm"): "confirmed"}
NINE = dt.datetime(2026, 9, 10, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_a_sign_moves_only_as_the_table_says(state: State, move: Move) -> None:
    if (state, move) in LEGAL:
        assert rules.STATES.next(state, move) == LEGAL[state, move]
    else:
        with pytest.raises(Conflict):
            rules.STATES.next(state, move)


def at(key: str, begins: int, ends: int, programme: str = "p1", worker: str = "w1") -> Presence:
    return Presence(key, worker, programme, NINE + dt.timedelta(hours=begins), NINE + dt.timedelta(hours=ends))


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (at("b", 1, 3, "p2"), True),
        (at("b", -1, 1, "p2"), True),
        (at("b", 0, 2, "p2"), True),
        (at("b", 2, 3, "p2"), False),  # one begins when the other ends
        (at("b", 1, 3, "p1"), False),  # sessions of one programme lie apart
        (at("b", 1, 3, "p2", "w2"), False),
    ],
)
def test_one_person_in_two_places_at_a_time_is_found(other: Presence, *, found: bool) -> None:
    assert [pair[1].key for pair in rules.overlapping([at("a", 0, 2)], [other])] == (["b"] if found else [])


def test_a_sign_is_one_whichever_report_comes_first() -> None:
    assert rules.sign_key("a", "b") == rules.sign_key("b", "a")
    assert rules.sign_key("a", "b") != rules.sign_key("a", "c")

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.subsidies.enrolments import rules
from services.subsidies.enrolments.rules import Move, State
from shared.errors import Conflict

DAY = dt.date(2026, 9, 10)
LEGAL = {
    ("none", "enrol"): "enrolled",
    ("none", "queue"): "waiting",
    ("waiting", "move_up"): "enrolled",
    ("waiting", "withdraw"): "withdrawn",
    ("enrolled", "withdraw"): "withdrawn",
    ("waiting", "cancel"): "cancelled",
    ("enrolled", "cancel"): "cancelled",
    ("waiting", "lapse"): "lapsed",
    ("enrolled", "complete"): "completed",
    ("waiting", "join"): "joined",
    ("enrolled", "join"): "joined",
    ("completed", "join"): "joined",
}


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_an_enrolment_moves_only_as_the_table_says(state: State, move: Move) -> None:
    if (state, move) in LEGAL:
        assert rules.STATES.next(state, move) == LEGAL[state, move]
    else:
        with pytest.raises(Conflict):
            rules.STATES.next(state, move)


def test_one_enrols_up_to_the_last_day_in_what_is_published() -> None:
    rules.check_open(True, DAY, DAY)
    for published, today in ((True, DAY + dt.timedelta(1)), (False, DAY)):
        with pytest.raises(Conflict, match="enrolment-over"):
            rules.check_open(published, DAY, today)


def test_nobody_moves_up_once_the_course_has_begun() -> None:
    assert rules.moves_up(DAY, DAY - dt.timedelta(1))
    assert not rules.moves_up(DAY, DAY)


def test_of_two_enrolments_the_one_that_went_further_stands() -> None:
    assert rules.further("completed", "enrolled")
    assert rules.further("enrolled", "enrolled")
    assert not rules.further("waiting", "enrolled")

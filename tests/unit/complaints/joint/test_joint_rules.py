"""How a joint task and its parts move (德人社发〔2022〕95号 art. 16)."""

from __future__ import annotations

from typing import get_args

from services.complaints.joint.rules import JOINT, PART, Move, PartMove, PartState, State
from tests.unit.machines import goes_by

BY_LAW: dict[State, dict[Move, State]] = {
    # joint enforcement ends in one result (95号文 art. 16); until then its lead asks for more
    "open": {"ask": "open", "conclude": "concluded"},
    "concluded": {},
}
PARTS_BY_LAW: dict[PartState, dict[PartMove, PartState]] = {
    # a department answers, or the lead concludes without it: violations are dealt with in time, 及时查处 (art. 16)
    "asked": {"answer": "answered", "close": "closed"},
    # what an answer lacks is asked for again
    "answered": {"ask_again": "asked"},
    "closed": {},
}


def test_a_joint_task_moves_only_as_the_law_says() -> None:
    assert set(BY_LAW) == set(get_args(State))
    table = {(state, move): then for state, moves in BY_LAW.items() for move, then in moves.items()}
    goes_by(JOINT, table, get_args(State), get_args(Move))


def test_a_part_moves_only_as_the_law_says() -> None:
    assert set(PARTS_BY_LAW) == set(get_args(PartState))
    table = {(state, move): then for state, moves in PARTS_BY_LAW.items() for move, then in moves.items()}
    goes_by(PART, table, get_args(PartState), get_args(PartMove))

"""How an enrolment moves, and until when one enrols."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal

from shared.errors import Conflict
from shared.states import Machine

State = Literal["none", "waiting", "enrolled", "completed", "withdrawn", "cancelled", "lapsed", "joined"]
Move = Literal["enrol", "queue", "move_up", "withdraw", "cancel", "lapse", "complete", "join"]
Agent = Literal["worker", "platform", "union"]
"""Who enrolled a person: they themselves, or a platform or union for them."""

MOVES: Final[Mapping[tuple[State, Move], State]] = {
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

STATES: Machine[State, Move, State] = Machine(
    "training enrolment", MOVES, kind="enrolment-state", zh="该报名的当前状态不允许此操作"
)

FURTHEST: Final[tuple[State, ...]] = ("waiting", "enrolled", "completed")
"""The states of an enrolment that stands, the one that goes furthest last."""


def check_open(published: bool, enrol_until: dt.date, today: dt.date) -> None:
    """Raise Conflict unless one may enrol in a programme on that legal day."""
    if not published or today > enrol_until:
        raise Conflict("enrolment-over", "该培训班未在报名期内", "the programme takes no enrolments")


def moves_up(starts_on: dt.date, today: dt.date) -> bool:
    """Whether a place that becomes free still goes to who waits: until the course has begun."""
    return today < starts_on


def counts(state: State) -> bool:
    """Whether an enrolment has one of the places."""
    return state in ("enrolled", "completed")


def further(one: State, other: State) -> bool:
    """Whether the first of two enrolments of one person in one programme is the one to keep."""
    return FURTHEST.index(one) >= FURTHEST.index(other)

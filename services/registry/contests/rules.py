"""The contest of a footing, and the days that a footing may hold from.

Whether a person stands in a labour relation follows from how they really work: what is declared, what is contested and
what an officer weighs are kept apart, and nothing decides it by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from shared.errors import RuleBroken
from shared.states import Machine

State = Literal["open", "upheld", "changed", "withdrawn"]
Step = Literal["uphold", "change", "withdraw"]

MOVES: Mapping[tuple[State, Step], State] = {
    ("open", "uphold"): "upheld",
    ("open", "change"): "changed",
    ("open", "withdraw"): "withdrawn",
}

STATES: Machine[State, Step, State] = Machine("contest", MOVES, kind="contest-closed", zh="该争议已有结果")


def check_day(day: dt.date, started_on: dt.date, ended_on: dt.date | None, today: dt.date) -> None:
    """Raise `RuleBroken` where a footing cannot hold from that day: it is a fact, and no plan."""
    if day < started_on or day > today or (ended_on is not None and day > ended_on):
        raise RuleBroken(
            "outside-engagement",
            "日期应在用工期间之内且不晚于今天",
            "the day must lie within the engagement, and not after today",
        )

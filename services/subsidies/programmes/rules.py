"""What a programme must be, and how it moves (德人社发〔2022〕95 号 art. 14)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from shared.contracts.subsidies import SkillLevel
from shared.errors import RuleBroken
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

State = Literal["none", "submitted", "published", "refused", "withdrawn", "cancelled"]
Move = Literal["submit", "publish", "refuse", "withdraw", "cancel"]
Mode = Literal["online", "on_site", "mixed"]

Remark = Literal["hours_standard_unknown", "hours_below_standard"]
"""What the machine points out to the officer who checks a programme."""

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("none", "submit"): "submitted",
    ("submitted", "publish"): "published",
    ("submitted", "refuse"): "refused",
    ("submitted", "withdraw"): "withdrawn",
    ("published", "cancel"): "cancelled",
}

STATES: Machine[State, Move, State] = Machine(
    "training programme", MOVES, kind="programme-state", zh="该培训班的当前状态不允许此操作"
)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session: its code within the programme, and how many class hours it counts."""

    code: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a programme is held and until when one may enrol; legal days."""

    starts_on: dt.date
    ends_on: dt.date
    enrol_until: dt.date
    hours: int
    sittings: Sequence[Sitting]


def check_schedule(schedule: Schedule, today: dt.date) -> None:
    """Raise RuleBroken unless the days follow one another and the sessions lie within them, apart, and add up to the hours."""
    if not today <= schedule.enrol_until <= schedule.starts_on <= schedule.ends_on:
        _broken(
            "days-in-order", "报名截止、开班和结业日期的先后有误", "enrolment ends, the course begins, the course ends"
        )
    sittings = sorted(schedule.sittings, key=lambda one: one.starts_at)
    if len({one.code for one in sittings}) < len(sittings):
        _broken("session-twice", "课次编号重复", "two sessions have one code")
    if any(
        one.ends_at <= one.starts_at
        or shanghai_date(one.starts_at) < schedule.starts_on
        or shanghai_date(one.ends_at) > schedule.ends_on
        for one in sittings
    ):
        _broken("session-days", "课次时间不在培训期内", "a session lies outside the programme's days")
    if any(later.starts_at < earlier.ends_at for earlier, later in pairwise(sittings)):
        _broken("sessions-overlap", "课次时间重叠", "two sessions overlap")
    if sum(one.hours for one in sittings) != schedule.hours:
        _broken("hours-differ", "各课次学时之和与总学时不符", "the sessions' hours do not add up to the programme's")


def remarks(hours: int, level: SkillLevel, law: Law) -> tuple[Remark, ...]:
    """What an officer should look at; a standard that nobody has published is theirs to judge."""
    try:
        least = law.number("training_programme.min_hours", level)
    except MissingParameter:
        return ("hours_standard_unknown",)
    return ("hours_below_standard",) if hours < least else ()


def _broken(kind: str, zh: str, en: str) -> None:
    raise RuleBroken(kind, zh, en)

"""Until when a step is due, and when who hears that it is near, missed, or still not done.

A term is reckoned from the day that it rests on alone: nothing that is written or done meanwhile moves it, but a pause, an
approved extension, or the State Council's notice of a year that was not published yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from shared.contracts.complaints import TermLevel
from shared.policy import calendar
from shared.policy.calendar import Deadline, Pause
from shared.policy.parameters import Law
from shared.states import Machine

State = Literal["running", "paused", "met", "ended"]
Move = Literal["meet", "pause", "resume", "extend", "end"]
Stage = Literal["near", "missed", "chief", "city"]
"""What is told of a term: that it is near, that it is missed, and that it is still not met to the level above and the city's."""
Unit = Literal["days", "workdays", "months"]

STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
LEVELS: Final[Mapping[Stage, TermLevel]] = {"chief": "chief", "city": "city"}

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("running", "meet"): "met",
    ("running", "pause"): "paused",
    ("running", "extend"): "running",
    ("running", "end"): "ended",
    ("paused", "resume"): "running",
    ("paused", "meet"): "met",
    ("paused", "end"): "ended",
}

STATES: Machine[State, Move, State] = Machine("term", MOVES, kind="term-state", zh="该期限的当前状态不允许此操作")


@dataclass(frozen=True, slots=True)
class Length:
    """How long a term is, in natural days, working days or months."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Hours:
    """Local times of a working day between which officers are told."""

    begin: dt.time
    end: dt.time


@dataclass(frozen=True, slots=True)
class Telling:
    """When officers hear of a term: at which share of it, in which hours, and how many working days after its last day
    the levels above hear."""

    percent: int
    hours: Hours
    after: Mapping[Stage, int]


def telling(law: Law) -> Telling:
    return Telling(
        percent=law.number("terms.warn_percent"),
        hours=Hours(
            dt.time.fromisoformat(law.text("terms.working_hours", "begin")),
            dt.time.fromisoformat(law.text("terms.working_hours", "end")),
        ),
        after={
            "chief": law.days("terms.escalate_workdays", "chief"),
            "city": law.days("terms.escalate_workdays", "city"),
        },
    )


def due(begun_on: dt.date, lengths: Sequence[Length], pauses: Sequence[Pause]) -> Deadline | None:
    """The last day of a term, its extension's length behind its own; None while a pause has not ended."""
    first, *further = lengths
    count = first.count + sum(one.count for one in further)
    if any(one.unit != first.unit for one in further):
        raise ValueError("a term and its extension count in one unit")
    match first.unit:
        case "workdays":
            return calendar.due_with_pauses(begun_on, workdays=count, pauses=pauses)
        case "days":
            return calendar.due_with_pauses(begun_on, days=count, pauses=pauses)
        case "months":
            days = (calendar.months_after(begun_on, count) - begun_on).days
            return calendar.due_with_pauses(begun_on, days=days, pauses=pauses)


def warn_on(begun_on: dt.date, due_on: dt.date, percent: int, pauses: Sequence[Pause]) -> dt.date:
    """The working day on which a share of the term's working days has passed, at the latest its last day."""
    running = [
        day
        for day in (begun_on + dt.timedelta(days=n) for n in range(1, (due_on - begun_on).days + 1))
        if calendar.is_working_day(day) and not any(_within(day, pause) for pause in pauses)
    ]
    passed = max(1, len(running) * percent // 100)
    return running[passed - 1] if running else due_on


def tell_at(stage: Stage, begun_on: dt.date, due_on: dt.date, pauses: Sequence[Pause], telling: Telling) -> dt.datetime:
    """The instant, within working hours, at which a stage is told."""
    match stage:
        case "near":
            opens = calendar.start_of_day(warn_on(begun_on, due_on, telling.percent, pauses))
        case "missed":
            opens = calendar.end_of_day(due_on)
        case "chief" | "city":
            opens = calendar.start_of_day(calendar.add_working_days(due_on, telling.after[stage]).due)
    return within_hours(opens, telling.hours)


def within_hours(instant: dt.datetime, hours: Hours) -> dt.datetime:
    """The instant itself where officers work then, or the next one at which they do; adjusted weekends are worked."""
    day = calendar.shanghai_date(instant)
    while True:
        if calendar.is_working_day(day):
            begin = dt.datetime.combine(day, hours.begin, calendar.SHANGHAI)
            end = dt.datetime.combine(day, hours.end, calendar.SHANGHAI)
            if instant < end:
                return max(instant, begin).astimezone(dt.UTC)
        day += dt.timedelta(days=1)


def next_stage(told: Collection[Stage]) -> Stage | None:
    """What is told next, or None where everything was."""
    return next((stage for stage in STAGES if stage not in told), None)


def _within(day: dt.date, pause: Pause) -> bool:
    return pause.first <= day and (pause.last is None or day <= pause.last)

"""Overtime, weeks without a day of rest, and too long part-time work, of an employee at one employer.

- A normal day is eight hours, and a week forty-four on average (劳动法 art. 36): here the average of the weeks that end in a
  month. What goes beyond it is overtime: ordinarily one hour of a day at most, three for special reasons, and thirty-six of a
  month (art. 41).
- Of a week, Monday to Sunday, one day at least is free (art. 38).
- Part-time work, where the platform declares it, is four hours a day on average and 24 hours a week at most (劳动合同法 art. 68).

An employer answers for its own work alone: what an employee does for others is not added. The time is that of orders, so the
work was no shorter. Who is not fully employed has what is agreed collectively, which `rest` looks at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.complaints.work_time.rules import Span, free_after_night
from shared.contracts.complaints.leads import LeadKind
from shared.contracts.complaints.time_findings import (
    OvertimeDay,
    OvertimeExceeded,
    PartTimeExceeded,
    WeeklyRestMissing,
    WeekWorked,
)
from shared.policy.calendar import first_day, month_after
from shared.policy.parameters import MissingParameter, Used, parameters

ONE_DAY: Final = dt.timedelta(1)
WEEK: Final = 7
KINDS: Final[tuple[LeadKind, ...]] = ("overtime_exceeded", "weekly_rest_missing", "part_time_exceeded")

Worked = Mapping[dt.date, int]
"""Seconds of working time by day, of the days on which the person was an employee and worked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A sign: its arithmetic, the parameters that it rests on, and what a person must judge."""

    finding: OvertimeExceeded | WeeklyRestMissing | PartTimeExceeded
    used: tuple[Used, ...]
    to_judge: tuple[str, ...]


def months_of(day: dt.date) -> set[str]:
    """The months whose findings a day's work counts for: its own, that in which its week ends, and that of the day before, whose night
    it may follow."""
    return {f"{one:%Y-%m}" for one in (day, sunday_of(day), day - ONE_DAY)}


def sunday_of(day: dt.date) -> dt.date:
    return day + (WEEK - 1 - day.weekday()) * ONE_DAY


def days_of(month: str) -> tuple[dt.date, dt.date]:
    """The first and the last day that count for a month: from the Monday of the first week that ends in it."""
    first = first_day(month)
    return sunday_of(first) - (WEEK - 1) * ONE_DAY, first_day(month_after(month)) - ONE_DAY


def findings(
    worked: Worked, month: str, part_time: Collection[dt.date] = (), spans: Sequence[Span] = ()
) -> list[Found]:
    """What a month's work shows; `part_time`: the days on which the employment was by the hour; `spans`: when the
    work was, without which no day is free after a night."""
    by_the_hour = {day: spent for day, spent in worked.items() if day in part_time}
    found = overtime(worked, month), weekly_rest(worked, month, spans), longer_than_part_time(by_the_hour, month)
    return [one for one in found if one is not None]


def overtime(worked: Worked, month: str) -> Found | None:
    """More overtime than is ordinarily allowed, on a day or in the month. An hour counts once: beyond its day, or its weeks."""
    law = parameters.on(days_of(month)[1])
    try:
        normal, ordinary = law.number("working_time.daily_hours") * 3600, law.number("overtime.day_hours") * 3600
        special, most = law.number("overtime.day_hours_special") * 3600, law.number("overtime.month_hours") * 3600
        weekly = law.number("working_time.average_weekly_hours") * 3600
    except MissingParameter:
        return None  # in a year before the law
    beyond = {day: spent - normal for day, spent in worked.items() if f"{day:%Y-%m}" == month and spent > normal}
    days = [
        OvertimeDay(day=day, working_seconds=worked[day], overtime_seconds=over)
        for day, over in sorted(beyond.items())
        if over > ordinary
    ]
    first, sundays = days_of(month)[0], list(_sundays(month))
    in_normal_days = sum(min(spent, normal) for day, spent in worked.items() if first <= day <= sundays[-1])
    beyond_weeks = max(in_normal_days - weekly * len(sundays), 0)
    total = sum(beyond.values()) + beyond_weeks
    if not days and total <= most:
        return None
    finding = OvertimeExceeded(
        month=month,
        daily_seconds=normal,
        ordinary_seconds=ordinary,
        special_seconds=special,
        month_seconds=most,
        overtime_seconds=total,
        days=tuple(days),
        beyond_special=sum(one.overtime_seconds > special for one in days),
        week_seconds=weekly,
        weeks=len(sundays),
        beyond_weeks=beyond_weeks,
    )
    asked = (
        ("special_reasons", any(one.overtime_seconds <= special for one in days)),
        ("other_hours_approved", True),
        ("emergency_work", True),
        ("overtime_arranged", True),
        ("rest_within_orders", True),
        ("waiting_not_counted", True),
    )
    return Found(finding=finding, used=law.used, to_judge=tuple(code for code, applies in asked if applies))


def weekly_rest(worked: Worked, month: str, spans: Sequence[Span]) -> Found | None:
    """Weeks that end in a month with fewer days of rest than there must be; a day that is free after a night's work is one."""
    law = parameters.on(days_of(month)[1])
    try:
        least, rest = law.number("working_time.weekly_rest_days"), law.number("working_time.rest_day_hours") * 3600
    except MissingParameter:
        return None  # in a year before the law
    weeks, free = [], free_after_night(spans, worked, rest)
    for sunday in _sundays(month):
        days = [day for n in range(WEEK) if (day := sunday - n * ONE_DAY) in worked and day not in free]
        if len(days) > WEEK - least:
            spent = sum(worked[day] for day in days)
            first = sunday - (WEEK - 1) * ONE_DAY
            weeks.append(WeekWorked(first=first, last=sunday, worked_days=len(days), working_seconds=spent))
    if not weeks:
        return None
    return Found(
        finding=WeeklyRestMissing(month=month, rest_days=least, weeks=tuple(weeks)),
        used=law.used,
        to_judge=("rest_instead", "other_hours_approved", "overtime_arranged"),
    )


def longer_than_part_time(worked: Worked, month: str) -> Found | None:
    """Part-time work that is longer than part-time work may be, on the average of its days or in a week."""
    if not worked:
        return None
    law = parameters.on(days_of(month)[1])
    try:
        day_seconds, week_seconds = law.number("part_time.day_hours") * 3600, law.number("part_time.week_hours") * 3600
    except MissingParameter:
        return None  # in a year before the law
    in_month = [spent for day, spent in worked.items() if f"{day:%Y-%m}" == month]
    weeks = []
    for sunday in _sundays(month):
        days = [day for n in range(WEEK) if (day := sunday - n * ONE_DAY) in worked]
        spent = sum(worked[day] for day in days)
        if spent > week_seconds:
            first = sunday - (WEEK - 1) * ONE_DAY
            weeks.append(WeekWorked(first=first, last=sunday, worked_days=len(days), working_seconds=spent))
    if not weeks and sum(in_month) <= day_seconds * len(in_month):
        return None
    finding = PartTimeExceeded(
        month=month,
        day_seconds=day_seconds,
        week_seconds=week_seconds,
        worked_days=len(in_month),
        working_seconds=sum(in_month),
        weeks=tuple(weeks),
    )
    return Found(
        finding=finding, used=law.used, to_judge=("part_time_usual", "rest_within_orders", "waiting_not_counted")
    )


def _sundays(month: str) -> Iterator[dt.date]:
    sunday = sunday_of(first_day(month))
    while f"{sunday:%Y-%m}" == month:
        yield sunday
        sunday += WEEK * ONE_DAY

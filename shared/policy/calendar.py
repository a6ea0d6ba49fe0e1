"""Legal days: working days, deadlines, and the Asia/Shanghai day and month of an instant.

The day of the event does not count (民法典 第201条); a term of months or years ends on the corresponding day, or on the
month's last where there is none (第202条); a last day that is a day off moves to the next working day, and a day ends
at 24:00 (第203条). Days off follow the State Council's yearly notice. For a year whose notice is not in the table only
weekends are taken as days off, and what rests on that is provisional, to be calculated again when the notice is added.
"""

import datetime as dt
import hashlib
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

import yaml

from shared.policy import calendar
from shared.policy.rows import CALENDAR

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last legal day on which something is in time; `provisional` where a year's days off are not known yet.

    `start` and `days` or `workdays` say from what it was reckoned, so that it can be again; `start` is None where that takes more.
    """

    due: dt.date
    provisional: bool
    start: dt.date | None = field(default=None, compare=False, repr=False)
    days: int | None = field(default=None, compare=False, repr=False)
    workdays: int | None = field(default=None, compare=False, repr=False)

    @property
    def instant(self) -> dt.datetime:
        """The first instant (UTC) that is too late."""
        return end_of_day(self.due)


@dataclass(frozen=True, slots=True)
class Pause:
    """Legal days on which a clock stands still, both included; `last` is None while it still does."""

    first: dt.date
    last: dt.date | None


def _read() -> tuple[str, frozenset[int], frozenset[dt.date], frozenset[dt.date]]:
    text = (files(__package__) / CALENDAR).read_text(encoding="utf-8")
    tables = yaml.safe_load(text)
    off = frozenset(day for table in tables.values() for day in table["days_off"])
    adjusted = frozenset(day for table in tables.values() for day in table["working_days"])
    if both := off & adjusted:
        raise ValueError(f"both a day off and a working day: {sorted(both)}")
    version = f"{max(tables)}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    return version, frozenset(tables), off, adjusted


VERSION, _YEARS, _OFF, _ADJUSTED = _read()
"""`VERSION` names the table of days off: its last year, and a part of its hash."""

FIRST_UNCERTAIN: Final = dt.date(max(_YEARS) - 1, 12, 25)
"""The first day that the table's last year may have made certain: a deadline on or after it may have been set without it."""


def is_published(day: dt.date) -> bool:
    """Whether it is certain if this day is a working day.

    A year's notice may reach into the last week of the year before (29 December 2018 was worked for 2019's).
    """
    return day.year in _YEARS and (day.month < 12 or day.day < 25 or day.year + 1 in _YEARS)


def is_working_day(day: dt.date) -> bool:
    """Neither a weekend nor a day off, or an adjusted working day; by weekends alone where nothing is published."""
    return day in _ADJUSTED or (day.weekday() < 5 and day not in _OFF)


def add_working_days(start: dt.date, count: int) -> Deadline:
    """The `count`-th working day after `start`, which itself does not count; `count` is at least 1."""
    return replace(_add_working_days(start, count, ()), start=start, workdays=count)


def add_days(start: dt.date, count: int) -> Deadline:
    """The `count`-th natural day after `start`, moved to the next working day where it is a day off."""
    _check(count)
    return replace(_roll(start + dt.timedelta(days=count)), start=start, days=count)


def add_months(start: dt.date, count: int) -> Deadline:
    """The corresponding day `count` months on, moved to the next working day where it is a day off."""
    _check(count)
    return add_days(start, (months_after(start, count) - start).days)


def add_years(start: dt.date, count: int) -> Deadline:
    """The corresponding day `count` years on, moved to the next working day where it is a day off."""
    return add_months(start, 12 * count)


def months_after(start: dt.date, count: int) -> dt.date:
    """The corresponding day `count` months on, or that month's last day where there is none (民法典 第202条).

    Raises OverflowError, as all arithmetic with dates does, for a day that the calendar does not have.
    """
    years, month = divmod(start.month - 1 + count, 12)
    year = start.year + years
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError("date value out of range")
    return dt.date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def rolled(day: dt.date) -> dt.date:
    """A last day of natural days, moved to the next working day where it is a day off after all (民法典 第203条)."""
    return _roll(day).due


def due_with_pauses(
    start: dt.date, *, days: int | None = None, workdays: int | None = None, pauses: Iterable[Pause]
) -> Deadline | None:
    """The deadline of exactly one of natural or working days, where days within a pause do not count.

    None while a pause that has not ended keeps the clock from running out (工伤保险条例 第18条, 第20条第3款).
    """
    if (days is None) == (workdays is None):
        raise ValueError("either days or workdays")
    still = tuple(pauses)
    try:
        if workdays is not None:
            return _add_working_days(start, workdays, still)
        return _add_natural_days(start, days or 0, still)
    except _StandsStill:
        return None


def share_passed(begun_on: dt.date, due_on: dt.date, percent: int) -> dt.date:
    """The working day by which that share of a term's working days has passed, at the latest the last one."""
    days = [begun_on + dt.timedelta(days=n) for n in range(1, (due_on - begun_on).days + 1)]
    working = [day for day in days if is_working_day(day)]
    return working[max(1, len(working) * percent // 100) - 1] if working else due_on


def shanghai_date(instant: dt.datetime) -> dt.date:
    """The legal day of an instant; ValueError for one without an offset."""
    return _local(instant).date()


def month_of(instant: dt.datetime) -> str:
    """The legal month of an instant as YYYY-MM; ValueError for one without an offset."""
    local = _local(instant)
    return f"{local.year:04}-{local.month:02}"


def start_of_day(day: dt.date) -> dt.datetime:
    """The first instant of a legal day, in UTC."""
    return dt.datetime.combine(day, dt.time(), SHANGHAI).astimezone(dt.UTC)


def end_of_day(day: dt.date) -> dt.datetime:
    """24:00 of a legal day, in UTC: an act is in time while its instant is before this one (民法典 第203条)."""
    return start_of_day(day + _DAY)


class _StandsStill(Exception):
    """The clock is stopped, and nobody knows until when."""


def _add_working_days(start: dt.date, count: int, pauses: tuple[Pause, ...]) -> Deadline:
    _check(count)
    day, certain = start, True
    while count:
        day = _next_running(day, pauses)
        certain = certain and is_published(day)
        count -= is_working_day(day)
    return Deadline(day, not certain)


def _add_natural_days(start: dt.date, count: int, pauses: tuple[Pause, ...]) -> Deadline:
    _check(count)
    day = start
    for _ in range(count):
        day = _next_running(day, pauses)
    certain = is_published(day)
    while not is_working_day(day):
        day = _next_running(day, pauses)
        certain = certain and is_published(day)
    return Deadline(day, not certain)


def _next_running(day: dt.date, pauses: tuple[Pause, ...]) -> dt.date:
    """The next day after `day` on which the clock runs."""
    day += _DAY
    while pause := next((p for p in pauses if p.first <= day and (p.last is None or day <= p.last)), None):
        if pause.last is None:
            raise _StandsStill
        day = pause.last + _DAY
    return day


def _roll(day: dt.date) -> Deadline:
    certain = is_published(day)
    while not is_working_day(day):
        day += _DAY
        certain = certain and is_published(day)
    return Deadline(day, not certain)


def _check(count: int) -> None:
    if count < 1:
        raise ValueError("a deadline is at least one day after its event")


def _local(instant: dt.datetime) -> dt.datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its offset")
    return instant.astimezone(SHANGHAI)


def first_day(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{month}-01")


def month_after(month: str) -> str:
    return f"{calendar.months_after(first_day(month), 1):%Y-%m}"


def months_between(first: str, last: str) -> list[str]:
    """The months from the first to the last, both included."""
    months = []
    while first <= last:
        months.append(first)
        first = month_after(first)
    return months

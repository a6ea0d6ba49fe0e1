"""The time of orders: what of it lies within a period, how long it is together, where and in which trade it was spent.

`account` is the platform's reference (`<platform>|<worker_ref>`) under which an order was done: one person may have several."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from shared.policy.calendar import end_of_day, shanghai_date, start_of_day

_SECOND: Final = dt.timedelta(seconds=1)

PaidDays = tuple[str, dt.date, dt.date]
"""An account, and the first and the last day for which it was paid."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The time of one order, from when it was taken to when it was finished, and where it was done."""

    taken_at: dt.datetime
    finished_at: dt.datetime
    district: str
    industry: str | None = None
    account: str = ""


def within(intervals: Iterable[Interval], starts_at: dt.datetime, ends_at: dt.datetime) -> list[Interval]:
    """The parts of intervals that lie between two instants."""
    clipped = (
        replace(one, taken_at=max(one.taken_at, starts_at), finished_at=min(one.finished_at, ends_at))
        for one in intervals
    )
    return [one for one in clipped if one.taken_at < one.finished_at]


def within_days(intervals: Iterable[Interval], first: dt.date, last: dt.date) -> list[Interval]:
    """The parts of intervals that lie on legal days, both ends included."""
    return within(intervals, start_of_day(first), end_of_day(last))


def on_paid_days(intervals: Iterable[Interval], paid_for: Iterable[PaidDays]) -> list[Interval]:
    """The parts of intervals that lie on days for which their account was paid."""
    of_account: defaultdict[str, list[Interval]] = defaultdict(list)
    for one in intervals:
        of_account[one.account].append(one)
    return [part for account, first, last in apart(paid_for) for part in within_days(of_account[account], first, last)]


def apart(paid_for: Iterable[PaidDays]) -> list[PaidDays]:
    """The days for which accounts were paid, each once."""
    found: list[PaidDays] = []
    for account, first, last in sorted(paid_for):
        if found and found[-1][0] == account and first <= found[-1][2] + dt.timedelta(1):
            found[-1] = account, found[-1][1], max(found[-1][2], last)
        else:
            found.append((account, first, last))
    return found


def paid_on_day(account: str, day: dt.date, paid_for: Iterable[PaidDays]) -> bool:
    return any(account == whose and first <= day <= last for whose, first, last in paid_for)


def finished_on(one: Interval) -> dt.date:
    """The legal day on which an order was finished; at midnight it is the day that ends."""
    return shanghai_date(max(one.finished_at - dt.timedelta(microseconds=1), one.taken_at))


def working_time(intervals: Iterable[Interval]) -> dt.timedelta:
    """Time covered by at least one order: overlapping ones count once (人社厅发〔2023〕50号 art. 4)."""
    total = dt.timedelta()
    until: dt.datetime | None = None
    for one in sorted(intervals, key=lambda one: one.taken_at):
        begin = one.taken_at if until is None else max(one.taken_at, until)
        if one.finished_at > begin:
            total += one.finished_at - begin
            until = one.finished_at
    return total


def days_of(intervals: Iterable[Interval]) -> set[dt.date]:
    """The legal days that intervals reach into."""
    found: set[dt.date] = set()
    for one in intervals:
        day, last = shanghai_date(one.taken_at), shanghai_date(one.finished_at - dt.timedelta(microseconds=1))
        while day <= last:
            found.add(day)
            day += dt.timedelta(1)
    return found


def seconds_on_days(intervals: Sequence[Interval]) -> dict[dt.date, int]:
    """Whole seconds of working time by legal day, in order; a day with less than one was not worked."""
    spent = {day: working_time(within_days(intervals, day, day)) // _SECOND for day in sorted(days_of(intervals))}
    return {day: seconds for day, seconds in spent.items() if seconds}


def place_of(intervals: Iterable[Interval]) -> str:
    """The district with most of the time, whose minimum wage holds; the lowest code of equals. Needs an interval."""
    spent: defaultdict[str, dt.timedelta] = defaultdict(dt.timedelta)
    for one in intervals:
        spent[one.district] += one.finished_at - one.taken_at
    return min(spent, key=lambda district: (-spent[district], district))


def trade_of(intervals: Iterable[Interval]) -> str | None:
    """The trade with most of the time, whose collective contract holds; None where no order says its trade."""
    spent: defaultdict[str, dt.timedelta] = defaultdict(dt.timedelta)
    for one in intervals:
        if one.industry is not None:
            spent[one.industry] += one.finished_at - one.taken_at
    return min(spent, key=lambda industry: (-spent[industry], industry), default=None)

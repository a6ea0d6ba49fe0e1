"""Working time as the union of spans (人社厅发〔2023〕50号 art. 4): whatever overlaps counts once.

A span is two whole seconds since 1970, the second one not in it; an instant counts from its whole second. Lists of spans
are merged: in order, and none touches another. So the same work has the same spans, however often and in whatever order it
is told, and a day has no more of them than it has pairs of seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

Span = tuple[int, int]
Spans = Sequence[Span]

DAY_SECONDS: Final = 86_400
_AHEAD: Final = 8 * 3600
"""Asia/Shanghai is ahead of UTC by this, without summer time since 1991."""
_EPOCH: Final = dt.date(1970, 1, 1).toordinal()

ONLINE: Final = "online"
"""In place of a trade: the time for which a worker was online, with orders or without."""


def merged(*several: Iterable[Span]) -> list[Span]:
    """The union of spans."""
    found: list[Span] = []
    for begin, end in sorted(span for spans in several for span in spans):
        if end <= begin:
            continue
        if found and begin <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found


def seconds_of(spans: Iterable[Span]) -> int:
    """How long merged spans are together."""
    return sum(end - begin for begin, end in spans)


def clipped(spans: Iterable[Span], begin: int, end: int) -> list[Span]:
    """The parts of merged spans between two seconds."""
    return [(max(one, begin), min(other, end)) for one, other in spans if other > begin and one < end]


def bounds(day: dt.date) -> Span:
    """The first second of a legal day in Asia/Shanghai, and that of the next one."""
    begin = (day.toordinal() - _EPOCH) * DAY_SECONDS - _AHEAD
    return begin, begin + DAY_SECONDS


def day_of(second: int) -> dt.date:
    """The legal day that a second lies in."""
    return dt.date.fromordinal((second + _AHEAD) // DAY_SECONDS + _EPOCH)


def by_day(begin: dt.datetime, end: dt.datetime) -> Iterator[tuple[dt.date, Span]]:
    """The parts of a stretch of time by legal day."""
    first, last = int(begin.timestamp()), int(end.timestamp())
    while first < last:
        day = day_of(first)
        midnight = bounds(day)[1]
        yield day, (first, min(last, midnight))
        first = midnight


def free_after_night(spans: Sequence[Span], days: Iterable[dt.date], rest_seconds: int) -> set[dt.date]:
    """Of days those on which nothing but a night's work ended, with so many seconds without work after it: that is a day of rest
    (劳动法 art. 38; working_time.rest_day_hours). `spans`: all of a person's work, merged."""
    found = set()
    for day in days:
        begin, end = bounds(day)
        inside = clipped(spans, begin, end)
        if len(inside) == 1 and inside[0][0] == begin and inside[0][1] < end:
            over = inside[0][1]
            if not clipped(spans, over, over + rest_seconds):
                found.add(day)
    return found


@dataclass(frozen=True, slots=True)
class Run:
    """Work without a break that counts as one: the spans between two such breaks."""

    spans: tuple[Span, ...]

    @property
    def begin(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]

    @property
    def worked(self) -> int:
        return seconds_of(self.spans)


def runs(spans: Iterable[Span], break_seconds: int) -> list[Run]:
    """Merged spans, parted where there is a break at least so long."""
    found: list[list[Span]] = []
    for span in spans:
        if found and span[0] - found[-1][-1][1] < break_seconds:
            found[-1].append(span)
        else:
            found.append([span])
    return [Run(tuple(one)) for one in found]


def reached_at(spans: Iterable[Span], limit: int) -> int | None:
    """The second at which merged spans have come to `limit` seconds; None where they do not."""
    left = limit
    for begin, end in spans:
        if end - begin >= left:
            return begin + left
        left -= end - begin
    return None


def with_allowance(parts: Mapping[Decimal, Iterable[Spans]]) -> int:
    """Seconds of the union of spans, each longer by the percent that is agreed for it, and by the highest where they overlap."""
    hundredths, so_far, counted = Decimal(0), list[Span](), 0
    for percent in sorted(parts, reverse=True):
        so_far = merged(so_far, *parts[percent])
        total = seconds_of(so_far)
        hundredths += (total - counted) * (100 + percent)
        counted = total
    return int(hundredths // 100)

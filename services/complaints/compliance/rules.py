"""Pay held against the hourly minimum wage, for the working time that orders show (德人社发〔2022〕95号 art. 5)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from shared.policy.parameters import MissingParameter, Used, parameters

FEN: Final = Decimal("0.01")
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_PER_SECOND: Final = 1_000_000
_PER_HOUR: Final = 3600 * _PER_SECOND


@dataclass(frozen=True, slots=True)
class Interval:
    """The time of one order, from when it was taken to when it was finished, and where it was done."""

    taken_at: dt.datetime
    finished_at: dt.datetime
    district: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """What was paid for a period of legal days, both ends included. Amounts are yuan."""

    period_start: dt.date
    period_end: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    gross: Decimal
    deductions: Sequence[tuple[str, Decimal]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Pay under the minimum, with the arithmetic. Amounts are yuan, `minimum` is per hour, time is whole seconds."""

    district: str
    intervals: int
    working_seconds: int
    pay: Decimal
    minimum: Decimal
    shortfall: Decimal
    used: tuple[Used, ...]

    @property
    def verified(self) -> bool:
        return all(row.verified for row in self.used)


@dataclass(frozen=True, slots=True)
class Check:
    """What came out: nothing, or `shortfall`, or `undecided` with why a person in the `district` must look."""

    shortfall: Shortfall | None = None
    undecided: str | None = None
    district: str | None = None


def within(intervals: Iterable[Interval], starts_at: dt.datetime, ends_at: dt.datetime) -> list[Interval]:
    """The parts of intervals that lie between two instants."""
    clipped = (Interval(max(one.taken_at, starts_at), min(one.finished_at, ends_at), one.district) for one in intervals)
    return [one for one in clipped if one.taken_at < one.finished_at]


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


def place_of(intervals: Iterable[Interval]) -> str:
    """The district with most of the time, whose minimum wage holds; the lowest code of equals. Needs an interval."""
    spent: defaultdict[str, dt.timedelta] = defaultdict(dt.timedelta)
    for one in intervals:
        spent[one.district] += one.finished_at - one.taken_at
    return min(spent, key=lambda district: (-spent[district], district))


def countable(pay: Pay, inside: Iterable[str]) -> Decimal:
    """What counts against the minimum: gross less every deduction that is not `inside` it, zero at least."""
    kinds = frozenset(inside)
    return max(
        pay.gross - sum((amount for kind, amount in pay.deductions if kind not in kinds), Decimal(0)), Decimal(0)
    )


def check(pay: Pay, intervals: Iterable[Interval]) -> Check:
    """Hold a settlement against the hourly minimum of the place on the period's last day, exactly.

    The minimum includes what is withheld for insurance, housing fund and tax (德府规〔2022〕4号). Where no minimum is
    known the check goes to a person.
    """
    parts = within(intervals, pay.starts_at, pay.ends_at)
    if not parts:
        return Check()
    time = working_time(parts) // _MICROSECOND
    district = place_of(parts)
    law = parameters.on(pay.period_end, place=district)
    try:
        minimum = law.amount("minimum_wage.hourly")
        paid = countable(pay, law.texts("minimum_wage.within"))
    except MissingParameter as missing:
        return Check(undecided=str(missing), district=district)
    if paid * _PER_HOUR >= minimum * time:
        return Check()
    due = (minimum * time / _PER_HOUR).quantize(FEN, ROUND_HALF_UP)
    lacking = Shortfall(
        district=district,
        intervals=len(parts),
        working_seconds=time // _PER_SECOND,
        pay=paid,
        minimum=minimum,
        shortfall=(due - paid),
        used=law.used,
    )
    return Check(lacking)

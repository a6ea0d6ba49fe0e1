"""Pay held against the hourly minimum wage, for the working time that orders show (德人社发〔2022〕95号 art. 5).

Where a collective contract binds the platform or the trade, what it agrees stands in place of the minimum if it is more:
its hourly pay, and its allowance for waiting, which is added to the time of orders (劳动合同法 art. 54-55).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from services.complaints.collective_contracts.rules import CollectiveContract
from shared.contracts.base import to_fen
from shared.policy.parameters import MissingParameter, Used, parameters

_MICROSECOND: Final = dt.timedelta(microseconds=1)
_PER_SECOND: Final = 1_000_000
_PER_HOUR: Final = 3600 * _PER_SECOND


@dataclass(frozen=True, slots=True)
class Interval:
    """The time of one order, from when it was taken to when it was finished, and where it was done."""

    taken_at: dt.datetime
    finished_at: dt.datetime
    district: str
    industry: str | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """What pay is held against: yuan per hour of the time of orders with the allowance. `contract_id`: whose it is."""

    hourly: Decimal
    waiting_percent: Decimal = Decimal(0)
    contract_id: str | None = None

    @property
    def hundredfold(self) -> Decimal:
        """A hundred times what an hour of the time of orders is worth."""
        return self.hourly * (100 + self.waiting_percent)


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
    """Pay under the minimum, with the arithmetic. Amounts are yuan, `minimum` is per hour, time is whole seconds.

    `contract_id` is the collective contract by which more was due than by the minimum wage alone; `minimum` and
    `waiting_percent`, by which working time is longer, are then what holds under it.
    """

    district: str
    intervals: int
    working_seconds: int
    pay: Decimal
    minimum: Decimal
    shortfall: Decimal
    used: tuple[Used, ...]
    waiting_percent: Decimal
    contract_id: str | None

    @property
    def verified(self) -> bool:
        return all(row.verified for row in self.used)


@dataclass(frozen=True, slots=True)
class Check:
    """What came out: nothing, or `shortfall`, or `undecided` with why a person in the `district` must look."""

    shortfall: Shortfall | None = None
    undecided: str | None = None
    district: str | None = None
    used: tuple[Used, ...] = ()


def within(intervals: Iterable[Interval], starts_at: dt.datetime, ends_at: dt.datetime) -> list[Interval]:
    """The parts of intervals that lie between two instants."""
    clipped = (
        Interval(max(one.taken_at, starts_at), min(one.finished_at, ends_at), one.district, one.industry)
        for one in intervals
    )
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


def trade_of(intervals: Iterable[Interval]) -> str | None:
    """The trade with most of the time, whose collective contract holds; None where no order says its trade."""
    spent: defaultdict[str, dt.timedelta] = defaultdict(dt.timedelta)
    for one in intervals:
        if one.industry is not None:
            spent[one.industry] += one.finished_at - one.taken_at
    return min(spent, key=lambda industry: (-spent[industry], industry), default=None)


def bar(
    minimum: Decimal, contracts: Iterable[CollectiveContract], day: dt.date, industry: str | None, district: str
) -> Bar:
    """The highest of the minimum wage and what is agreed; the law's own where they are equal."""
    bars = [Bar(minimum)]
    for contract in sorted(contracts, key=lambda one: one.contract_id):
        agreed = contract.pay_on(day, industry, district)
        if agreed is not None:
            hourly = max(minimum, agreed.hourly_pay or Decimal(0))
            bars.append(Bar(hourly, agreed.waiting_percent or Decimal(0), contract.contract_id))
    return max(bars, key=lambda one: one.hundredfold)


def countable(pay: Pay, inside: Iterable[str]) -> Decimal:
    """What counts against the minimum: gross less every deduction that is not `inside` it, zero at least."""
    kinds = frozenset(inside)
    return max(
        pay.gross - sum((amount for kind, amount in pay.deductions if kind not in kinds), Decimal(0)), Decimal(0)
    )


def check(pay: Pay, intervals: Iterable[Interval], contracts: Iterable[CollectiveContract] = ()) -> Check:
    """Hold a settlement against the hourly minimum of the place on the period's last day, exactly.

    `contracts` are those that bind the platform; what they agree counts where it is more. The minimum includes what is
    withheld for insurance, housing fund and tax (德府规〔2022〕4号). Where no minimum is known the check goes to a person.
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
        return Check(undecided=str(missing), district=district, used=law.used)
    held_to = bar(minimum, contracts, pay.period_end, trade_of(parts), district)
    if paid * _PER_HOUR * 100 >= held_to.hundredfold * time:
        return Check()
    due = to_fen(held_to.hundredfold * time / (_PER_HOUR * 100))
    lacking = Shortfall(
        district=district,
        intervals=len(parts),
        working_seconds=time // _PER_SECOND,
        pay=paid,
        minimum=held_to.hourly,
        shortfall=(due - paid),
        used=law.used,
        waiting_percent=held_to.waiting_percent,
        contract_id=held_to.contract_id,
    )
    return Check(lacking)

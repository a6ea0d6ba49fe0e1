"""How money moves between the heaps of a budget, and how changes of a budget are decided.

Every fen of a budget is in exactly one heap: `available`, `reserved` for an approved application, `spent`, or `returned` by the
bank or by whoever paid back, until it is paid out anew or made available again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, get_args

from shared.errors import Conflict, RuleBroken
from shared.states import Machine

Source = Literal["employment_fund", "unemployment_insurance_fund", "union_fund", "local_finance"]
SOURCES: Final[Mapping[Source, str]] = {
    "employment_fund": "就业补助资金",
    "unemployment_insurance_fund": "失业保险基金",
    "union_fund": "工会经费",
    "local_finance": "地方财政资金",
}
"""Where the money comes from."""

KEEPERS: Final[Mapping[Source, str]] = {
    "employment_fund": "hrss",
    "unemployment_insurance_fund": "hrss",
    "union_fund": "union",
    "local_finance": "hrss",
}
"""Which department pays out of each source: the union alone knows whom it helps."""

AHEAD: Final = 1_000_000_000
"""More places than the queue of a year ever has."""

Heap = Literal["available", "reserved", "spent", "returned"]
HEAPS: Final[tuple[Heap, ...]] = get_args(Heap)

Step = Literal["reserve", "release", "spend", "send_back", "reserve_again", "reclaim"]
FLOWS: Final[Mapping[Step, tuple[Heap, Heap]]] = {
    "reserve": ("available", "reserved"),
    "release": ("reserved", "available"),
    "spend": ("reserved", "spent"),
    "send_back": ("spent", "returned"),
    "reserve_again": ("returned", "reserved"),
    "reclaim": ("returned", "available"),
}
"""From which heap to which each step moves money. `send_back`: the bank or a debtor has sent money back; `reserve_again`: it is
paid out anew to the same payee; `reclaim`: the finance side makes it available to others."""

Purpose = Literal["allot", "lower", "reclaim"]
"""`allot`: more money; `lower`: less, out of what is available; `reclaim`: make returned money available."""

ChangeState = Literal["proposed", "approved", "refused"]
ChangeMove = Literal["approve", "refuse"]
CHANGES: Machine[ChangeState, ChangeMove, ChangeState] = Machine(
    "budget change",
    {("proposed", "approve"): "approved", ("proposed", "refuse"): "refused"},
    kind="budget-change-state",
    zh="该预算调整已经审批",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Which budget: year, kind of subsidy, source of funds, and district."""

    year: int
    kind: str
    source: Source
    district: str

    @property
    def department(self) -> str:
        return KEEPERS[self.source]

    @property
    def id(self) -> str:
        return f"{self.year}:{self.kind}:{self.source}:{self.district}"


def moved(step: Step, amount: Decimal) -> dict[str, Decimal]:
    """What a step adds to each heap, in yuan."""
    from_, to = FLOWS[step]
    return {from_: -amount, to: amount}


def changed(purpose: Purpose, amount: Decimal) -> dict[str, Decimal]:
    """What an approved change adds to the heaps, in yuan."""
    match purpose:
        case "allot":
            return {"available": amount}
        case "lower":
            return {"available": -amount}
        case "reclaim":
            return moved("reclaim", amount)


def check_decider(decider: str, proposer: str) -> None:
    """Raise Conflict where somebody would approve their own change of a budget (subjects of tokens)."""
    if decider == proposer:
        raise Conflict("second-officer-needed", "预算调整须由另一名经办人员审批", "another officer must decide this")


def check_over(year: int, now: int) -> None:
    """Raise Conflict where the year of a budget is not over: what waits there still waits for its own money."""
    if year >= now:
        raise Conflict("year-not-over", "该预算年度尚未结束", "the year of the budget is not over")


def next_told(day: dt.date, days: int) -> dt.date:
    """When it is told next, after a day, of past years' budgets that something waits for: each so many days of a year, from its first
    on."""
    first = dt.date(day.year, 1, 1)
    later = first + dt.timedelta(days=((day - first).days // days + 1) * days)
    return later if later.year == day.year else dt.date(day.year + 1, 1, 1) + dt.timedelta(days=days)


def carried(place: int, years: int) -> int:
    """The place in a new year's queue of what waited in one so many years earlier: ahead of later years, and in its order."""
    return place - years * AHEAD


def check_amount(amount: Decimal) -> None:
    """Raise RuleBroken for an amount that is no sum of money to the fen."""
    if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise RuleBroken("not-an-amount", "金额须大于零且精确到分", "an amount is above zero and exact to the fen")


def too_little() -> Conflict:
    """What is answered where a heap does not hold what is to leave it."""
    return Conflict("budget-too-small", "预算余额不足", "the budget does not hold that much")

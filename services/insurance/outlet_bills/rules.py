"""How an outlet's bill stands, what sets off what, and whether contributions were paid for an accident's day.

社会保险法 art. 41, 60, 86; 工伤保险条例 art. 62; 人社厅发〔2021〕101 号.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from shared.policy import calendar
from shared.policy.parameters import Law
from shared.states import Machine

State = Literal["issued", "part_paid", "paid", "overdue"]
Before = Literal["none"] | State
Event = Literal["issue", "redrawn", "reminder", "part_payment", "full_payment", "due_day_passed", "raised"]

STATES: Machine[Before, Event, State] = Machine(
    "outlet's bill",
    {
        ("none", "issue"): "issued",
        ("issued", "redrawn"): "issued",
        ("issued", "reminder"): "issued",
        ("issued", "part_payment"): "part_paid",
        ("issued", "full_payment"): "paid",
        ("issued", "due_day_passed"): "overdue",
        ("part_paid", "redrawn"): "part_paid",
        ("part_paid", "reminder"): "part_paid",
        ("part_paid", "part_payment"): "part_paid",
        ("part_paid", "full_payment"): "paid",
        ("part_paid", "due_day_passed"): "overdue",
        ("overdue", "redrawn"): "overdue",
        ("overdue", "reminder"): "overdue",
        ("overdue", "part_payment"): "overdue",
        ("overdue", "full_payment"): "paid",
        ("paid", "redrawn"): "paid",
        ("paid", "raised"): "part_paid",
    },
    kind="bill-state",
    zh="账单的当前状态不允许此操作",
)
"""`redrawn`: the statement comes to another sum; `raised`: so that what was paid in full is owed again in part."""


def due_on(month: str, law: Law) -> dt.date:
    """Until when a month's contribution is declared and paid: a day of the next month, moved off days off."""
    last = calendar.months_after(calendar.first_day(month), 1) - dt.timedelta(days=1)
    return calendar.add_days(last, law.number("express_outlet.declare_day_of_next_month")).due


@dataclass(frozen=True, slots=True)
class SetOff:
    """Yuan that was paid too much on one bill and counts as paid on another."""

    from_bill: str
    to_bill: str
    amount: Decimal


def set_offs(balances: Sequence[tuple[str, Decimal]]) -> list[SetOff]:
    """What is set off, where bills (by month, the first first) have more paid on them than is owed, or less.

    A balance is what has come less what is owed, in yuan. The oldest excess meets the oldest debt.
    """
    left = {bill: balance for bill, balance in balances if balance > 0}
    found: list[SetOff] = []
    for bill, balance in balances:
        owed = -balance
        for giver in [one for one in left if left[one] > 0]:
            amount = min(owed, left[giver])
            if amount <= 0:
                break
            found.append(SetOff(giver, bill, amount))
            owed, left[giver] = owed - amount, left[giver] - amount
    return found


def settled_on(amount: Decimal, came: Iterable[tuple[dt.date, Decimal]]) -> dt.date | None:
    """The day on which the money that came, by day, made up an amount (yuan), in whatever order it was entered; None for nothing."""
    left = amount
    for day, part in sorted(came):
        left -= part
        if left <= 0:
            return day
    return None


def reliefs(asked: Sequence[tuple[dt.date, Decimal]], owed: Decimal) -> list[tuple[dt.date, Decimal]]:
    """What bears no late fee of what is owed now, since the bill had been lowered and asked for less: yuan from a day on, and
    less than nothing from that on which it was raised again. Whoever pays what a bill asks is not in default (社会保险法 art. 86).

    `asked`: what it came to from which day on, in order. What it never asked for before is owed from its due day all the same.
    """
    found: list[tuple[dt.date, Decimal]] = []
    most = Decimal(0)
    for (since, amount), (until, _) in pairwise(asked):
        most = max(most, amount)
        if amount < min(most, owed):
            found += [(since, owed - amount), (until, amount - owed)]
    return found


Contributions = Literal["paid", "paid_since", "unpaid"]
"""Whether an outlet's contributions were paid when an accident happened, have been made up since, or neither."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A bill as far as an accident is concerned. `settled_on`: the day on which it was paid in full; None while it is not."""

    month: str
    due_on: dt.date
    settled_on: dt.date | None


def contributions(bills: Iterable[Owed], accident: dt.date) -> Contributions:
    """Whether the contributions that concern an accident were paid (社会保险法 art. 41; 工伤保险条例 art. 62).

    Those that had fallen due by then, each from the day after it was due. What could still be paid in time when the accident
    happened is no default on that day, whatever becomes of it: its arrears have a late fee (社会保险法 art. 86), not this one's costs.
    """
    arrears = [bill for bill in bills if _in_arrears(bill, accident)]
    if any(bill.settled_on is None for bill in arrears):
        return "unpaid"
    return "paid_since" if arrears else "paid"


def _in_arrears(bill: Owed, accident: dt.date) -> bool:
    return bill.due_on < accident and (bill.settled_on is None or bill.settled_on > accident)


def made_up_on(bills: Iterable[Owed], accident: dt.date) -> dt.date | None:
    """When everything was paid that was in arrears when an accident happened (工伤保险条例 art. 62(3)); None while it is not, or where
    nothing was."""
    arrears = [bill.settled_on for bill in bills if _in_arrears(bill, accident)]
    days = [day for day in arrears if day is not None]
    return max(days) if days and len(days) == len(arrears) else None

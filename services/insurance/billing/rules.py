"""How a bill stands, when it is due, and what paying late costs (社会保险法 art. 86)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.contracts.base import to_fen
from shared.policy import calendar
from shared.policy.calendar import first_day
from shared.policy.parameters import Law, parameters
from shared.states import Machine

State = Literal["draft", "issued", "part_paid", "paid", "overdue", "credited"]
Event = Literal["issue", "credit", "reminder", "part_payment", "full_payment", "due_day_passed"]

STATES: Machine[State, Event, State] = Machine(
    "bill",
    {
        ("draft", "issue"): "issued",
        ("draft", "credit"): "credited",
        ("issued", "reminder"): "issued",
        ("issued", "part_payment"): "part_paid",
        ("issued", "full_payment"): "paid",
        ("issued", "due_day_passed"): "overdue",
        ("part_paid", "reminder"): "part_paid",
        ("part_paid", "part_payment"): "part_paid",
        ("part_paid", "full_payment"): "paid",
        ("part_paid", "due_day_passed"): "overdue",
        ("overdue", "reminder"): "overdue",
        ("overdue", "part_payment"): "overdue",
        ("overdue", "full_payment"): "paid",
    },
    kind="bill-state",
    zh="账单的当前状态不允许此操作",
)
"""A bill that comes to nothing or less is credited: nothing is owed on it, and what it comes to is set off against the next."""


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a bill's money, in yuan. `premium` may be less than nothing; `paid` has come of it, `overpaid` beyond it;
    `set_off`: what credits of earlier bills paid of it; `passed_on`: what its own credit has paid of later ones.
    """

    premium: Decimal
    paid: Decimal = Decimal(0)
    overpaid: Decimal = Decimal(0)
    set_off: Decimal = Decimal(0)
    passed_on: Decimal = Decimal(0)

    @property
    def outstanding(self) -> Decimal:
        """What is still owed."""
        return max(self.premium - self.set_off - self.paid, Decimal(0))

    @property
    def credit(self) -> Decimal:
        """What of a credit, or of what came too much, pays no other bill yet."""
        return max(-self.premium, Decimal(0)) + self.overpaid - self.passed_on


def set_off(owed: Decimal, credits_left: Sequence[Decimal]) -> list[Decimal]:
    """How much of each credit, the first one first, pays what is owed, in yuan."""
    taken, left = [], max(owed, Decimal(0))
    for credit in credits_left:
        part = min(max(credit, Decimal(0)), left)
        taken.append(part)
        left -= part
    return taken


def late_fee(
    premium: Decimal, payments: Iterable[tuple[dt.date, Decimal]], due_on: dt.date, day: dt.date, rate: Decimal
) -> Decimal:
    """What has grown by the end of `day` on what was not paid in time, in yuan, rounded half up to the fen.

    Each day from the one after `due_on` costs `rate` of what was owed when it began: the day of a payment still counts
    for what it pays (社会保险法 art. 86: 自欠缴之日起，按日加收). `payments` are day and yuan, in any order.
    """
    known = sorted(payments)
    fee, owed = Decimal(0), premium - sum((amount for paid_on, amount in known if paid_on <= due_on), Decimal(0))
    since = due_on
    for paid_on, amount in [(paid_on, amount) for paid_on, amount in known if due_on < paid_on < day]:
        fee += max(owed, Decimal(0)) * (paid_on - since).days
        owed, since = owed - amount, paid_on
    if day > since:
        fee += max(owed, Decimal(0)) * (day - since).days
    return to_fen(fee * rate)


def law_of_bill(month: str) -> Law:
    """The law by which a month's bill is made and paid: that of the next month's first day."""
    return parameters.on(calendar.months_after(first_day(month), 1))


def due_on(month: str, law: Law) -> dt.date:
    """Until when a month's premium is declared and paid: a day of the next month, moved off days off."""
    last = calendar.months_after(first_day(month), 1) - dt.timedelta(days=1)
    return calendar.add_days(last, law.number("oip.declare_day_of_next_month")).due


def closes_on(month: str) -> dt.date:
    """The day of the next month on which a month closes by itself."""
    law = law_of_bill(month)
    return law.day.replace(day=law.number("oip.close_day_of_next_month"))

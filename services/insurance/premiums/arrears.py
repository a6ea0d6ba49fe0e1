"""How a bill stands: what is owed, and what paying late costs.

    state     | event          | next state
    ----------+----------------+-----------
    draft     | issue          | issued
    draft     | credit         | credited
    issued    | reminder       | issued
    issued    | part_payment   | part_paid
    issued    | full_payment   | paid
    issued    | due_day_passed | overdue
    part_paid | reminder       | part_paid
    part_paid | part_payment   | part_paid
    part_paid | full_payment   | paid
    part_paid | due_day_passed | overdue
    overdue   | reminder       | overdue
    overdue   | part_payment   | overdue
    overdue   | full_payment   | paid

A bill that comes to nothing or less is credited: nothing is owed on it. Nothing follows upon paid and credited.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal

from shared.contracts.base import to_fen

State = Literal["draft", "issued", "part_paid", "paid", "overdue", "credited"]
Event = Literal["issue", "credit", "reminder", "part_payment", "full_payment", "due_day_passed"]

STEPS: Mapping[tuple[State, Event], State] = {
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
}


class ForbiddenStep(ValueError):
    """The event cannot happen to a bill in that state."""


def step(state: State, event: Event) -> State:
    """The state after an event; raises `ForbiddenStep` where the table has none."""
    try:
        return STEPS[state, event]
    except KeyError:
        raise ForbiddenStep(f"{event} of a bill that is {state}") from None


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

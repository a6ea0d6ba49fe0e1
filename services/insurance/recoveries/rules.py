"""What may still be claimed back, and how a claim goes from its proposal over the hearing of the payee to a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from services.insurance.debts.rules import DebtState
from shared.errors import Conflict
from shared.policy import calendar
from shared.policy.calendar import Deadline
from shared.policy.parameters import Law
from shared.states import Machine

State = Literal["proposed", "ordered", "dropped"]
Event = Literal["heard", "ordered", "dropped"]

STATES: Machine[State, Event, State] = Machine(
    "recovery",
    {
        ("proposed", "heard"): "proposed",
        ("proposed", "ordered"): "ordered",
        ("proposed", "dropped"): "dropped",
    },
    kind="not-in-this-state",
    zh="当前状态不允许此操作",
)
"""Nothing is claimed back from a payee before they could speak to it; the order is an officer's (社会保险经办条例 art. 46)."""


def answer_by(proposed_on: dt.date, law: Law) -> Deadline:
    """Until when the payee may speak to what is proposed (recovery.statement_workdays)."""
    return calendar.add_working_days(proposed_on, law.days("recovery.statement_workdays"))


def require_heard(statements: int, until: dt.date | None, today: dt.date) -> None:
    """Raise Conflict where the payee has said nothing yet and still can."""
    if not statements and until is not None and today <= until:
        raise Conflict(
            "not-heard", f"须先听取当事人陈述申辩（至{until}）", "the payee has not been heard", until=str(until)
        )


def paid_beyond(payments: Iterable[tuple[str | None, Decimal, bool]], through: str) -> Decimal:
    """What the fund has paid for months after `through` (YYYY-MM), in yuan; of each payment: month, sum, whether the fund paid."""
    return sum((amount for month, amount, fund in payments if fund and month and month > through), Decimal(0))


def recoverable(paid: Decimal, debts: list[tuple[DebtState, Decimal, Decimal]]) -> Decimal:
    """What may still be claimed back of what was paid, in yuan; `debts`: state, sum and repaid part of earlier ones.

    An open debt holds its whole sum; of one that has ended only what came back is gone.
    """
    held = sum((owed if state == "open" else repaid for state, owed, repaid in debts), Decimal(0))
    return paid - held

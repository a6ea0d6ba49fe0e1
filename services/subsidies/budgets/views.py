"""What HTTP shows of budgets."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel

from services.subsidies.budgets.documents import Budget, BudgetChange, Reservation
from services.subsidies.budgets.rules import SOURCES, ChangeState, Purpose, Source
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.web.paging import Page


class BudgetView(BaseModel):
    """A budget, in yuan. Every fen is in one of `available`, `reserved`, `spent` and `returned`; `total` is their sum.

    `waiting`: approved applications that wait for money.
    """

    budget_id: str
    year: int
    kind: str
    source: Source
    source_name: str
    district: str
    available: Yuan
    reserved: Yuan
    spent: Yuan
    returned: Yuan
    total: Yuan
    waiting: int

    @classmethod
    def of(cls, one: Budget) -> Self:
        return cls(
            budget_id=one.id,
            year=one.year,
            kind=one.kind,
            source=one.source,
            source_name=SOURCES[one.source],
            district=one.district,
            available=one.available,
            reserved=one.reserved,
            spent=one.spent,
            returned=one.returned,
            total=one.available + one.reserved + one.spent + one.returned,
            waiting=one.waiting,
        )


class WaitingView(BaseModel):
    """What waits for money of a budget: an approved application or a part of it, and how much it needs, in yuan."""

    application_id: str
    amount: Yuan
    since: dt.datetime

    @classmethod
    def of(cls, one: Reservation) -> Self:
        return cls(application_id=one.id, amount=one.amount, since=one.created_at)


class Queue(Page[WaitingView]):
    """What waits for money of a budget. `told_on`: when those who keep it are told (again) that it waits though the year is over, with
    the parameters for that; null in the budget's own year."""

    told_on: dt.date | None
    used: list[Used]


class BudgetChangeView(BaseModel):
    """A change that was proposed, and what was decided. The amount is yuan."""

    change_id: str
    year: int
    kind: str
    source: Source
    district: str
    purpose: Purpose
    amount: Yuan
    reason: str
    state: ChangeState
    proposed_by: str
    decided_by: str | None
    decided_at: dt.datetime | None

    @classmethod
    def of(cls, one: BudgetChange) -> Self:
        return cls(
            change_id=one.id,
            year=one.year,
            kind=one.kind,
            source=one.source,
            district=one.district,
            purpose=one.purpose,
            amount=one.amount,
            reason=one.clear_reason,
            state=one.state,
            proposed_by=one.proposed_by,
            decided_by=one.decided_by,
            decided_at=one.decided_at,
        )

"""Debts as callers see them. Money is yuan, a decimal string."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.insurance.debts.documents import Debt
from services.insurance.debts.rules import DebtState
from shared.storage.fields import Yuan


class InstalmentView(BaseModel):
    """Money that came back, and the legal day."""

    on: dt.date
    amount: Yuan


class DebtView(BaseModel):
    """What is owed back, and what has come."""

    owed: Yuan
    repaid: Yuan
    state: DebtState
    instalments: list[InstalmentView]
    closed_on: dt.date | None
    closed_for: str | None


def debt_view(record_id: str, debt: Debt) -> DebtView:
    kept = debt.model_dump(exclude={"closed_for"})
    return DebtView(**kept, closed_for=debt.clear_closed_for(record_id), repaid=debt.repaid)

"""Advances as callers see them. Money is yuan, a decimal string."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, Field

from services.insurance.benefits.advance_documents import Advance
from services.insurance.benefits.asked_views import MoneyPaid, Text
from services.insurance.benefits.rules import AdvanceState
from services.insurance.debts.views import DebtView, debt_view
from shared.storage.fields import Yuan


class AdvanceView(BaseModel):
    """What a platform must advance, or has. `recourse`: what the partner firm owes it, null until it has advanced."""

    advance_id: str
    benefit_id: str
    claim_id: str
    platform: str
    partner: str
    month: str | None
    amount: Yuan
    state: AdvanceState
    due_on: dt.date
    reminders: int
    paid_on: dt.date | None
    recourse: DebtView | None


class RecourseCorrection(BaseModel):
    """Which instalment was recorded wrongly (the first is 1), and why. `anew`: what came instead; `to`: the advance of the same
    platform on which the money counts as it was recorded. Without either it counts nowhere.
    """

    number: int = Field(ge=1, le=1000)
    reason: Text
    anew: MoneyPaid | None = None
    to: str | None = Field(default=None, max_length=200)


def advance_view(advance: Advance) -> AdvanceView:
    kept = set(AdvanceView.model_fields) - {"advance_id", "recourse"}
    recourse = debt_view(advance.id, advance.recourse) if advance.recourse else None
    return AdvanceView(**advance.model_dump(include=kept), advance_id=advance.id, recourse=recourse)

"""Debts as callers see them. Money is yuan, a decimal string."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.insurance.debts.documents import REASON, Debt, Instalment
from services.insurance.debts.rules import DebtState
from shared.identity.masking import mask_text
from shared.storage.encryption import decrypt_field
from shared.storage.fields import Yuan


class InstalmentView(BaseModel):
    """Money that came back, and the legal day. `corrected_at`: when it was found to be recorded wrongly, since when it does not
    count; `corrected_for`: why; `moved_to`: the advance on which it counts."""

    on: dt.date
    amount: Yuan
    corrected_at: dt.datetime | None
    corrected_for: str | None
    moved_to: str | None


class DebtView(BaseModel):
    """What is owed back, and what has come."""

    owed: Yuan
    repaid: Yuan
    state: DebtState
    instalments: list[InstalmentView]
    closed_on: dt.date | None
    closed_for: str | None


def debt_view(record_id: str, debt: Debt) -> DebtView:
    kept = debt.model_dump(exclude={"closed_for", "instalments"})
    instalments = [_instalment(record_id, one) for one in debt.instalments]
    return DebtView(**kept, instalments=instalments, closed_for=debt.clear_closed_for(record_id), repaid=debt.repaid)


def _instalment(record_id: str, one: Instalment) -> InstalmentView:
    wrong = one.corrected
    return InstalmentView(
        on=one.on,
        amount=one.amount,
        corrected_at=wrong.at if wrong else None,
        corrected_for=mask_text(decrypt_field(REASON, record_id, wrong.reason)) if wrong else None,
        moved_to=wrong.moved_to if wrong else None,
    )

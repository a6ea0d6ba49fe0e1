"""What callers see of statements to the tax office. Money is yuan, a decimal string."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

from services.insurance.tax.documents import REASON, TaxComparison, TaxStatement
from services.insurance.tax.rules import State
from shared.policy.parameters import Used
from shared.storage.encryption import decrypt_field
from shared.storage.fields import Yuan


class TaxStatementView(BaseModel):
    """What the tax office is told that a payer owes for a month. `amounts` by what they are for; `amount` is to be collected.

    `state`: `waiting` for the answer, `accepted`, `rejected` (with its `reason`), or `collected`: all of it has come. `paid` is what
    had come here, `paid_there` what the tax office had, at the last comparison. `settle_by`: until when the bureau is to have put a
    refused one right with the payer; `overdue`: it has not, and that day is over. `used`: what that day rests on.
    """

    statement_id: str = Field(description="premium|<bill id>, or contributions|<credit code>|<YYYY-MM>")
    kind: Literal["premium", "contributions"]
    payer: str
    month: str
    due_on: dt.date
    amounts: dict[str, Yuan]
    amount: Yuan
    state: State
    number: str
    receipt_number: str | None
    reason: str | None
    paid: Yuan
    paid_there: Yuan | None
    refused_on: dt.date | None
    settle_by: dt.date | None
    overdue: bool
    used: list[Used]


class TaxComparisonView(BaseModel):
    """The last comparison with the tax office; null before the first one has finished."""

    finished_at: dt.datetime | None
    compared: int
    differences: int


def view(statement: TaxStatement) -> TaxStatementView:
    kept = statement.model_dump(include=set(TaxStatementView.model_fields) - {"reason"})
    reason = statement.reason and decrypt_field(REASON, statement.id, statement.reason)
    return TaxStatementView(statement_id=statement.id, number=statement.number, reason=reason, **kept)


def comparison_view(last: TaxComparison | None) -> TaxComparisonView:
    if last is None:
        return TaxComparisonView(finished_at=None, compared=0, differences=0)
    return TaxComparisonView(finished_at=last.finished_at, compared=last.compared, differences=last.differences)

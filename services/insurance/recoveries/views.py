"""Recoveries as callers ask for and see them. Money is yuan, a decimal string."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

from services.insurance.benefits.asked_views import Code, MoneyPaid, PositiveYuan, Text
from services.insurance.debts.views import DebtView, debt_view
from services.insurance.recoveries.documents import Recovery
from services.insurance.recoveries.rules import State
from shared.contracts.insurance import Debtor
from shared.identity.masking import mask_text
from shared.policy.parameters import Used


class RecoveryStatementView(BaseModel):
    """What the payee said to a proposal, numbers of persons masked."""

    at: dt.datetime
    by: str
    text: str


class RecoveryDecisionView(BaseModel):
    """What an officer decided of a proposal, and why."""

    on: dt.date
    by: str
    text: str


class RecoveryView(BaseModel):
    """What was paid wrongly, or in another's place, and is claimed back from the `debtor`.

    While `proposed`, nothing is owed: `debt` is what would be, and the payee may speak to it until `answer_by`.
    """

    recovery_id: str
    benefit_id: str
    debtor: Debtor
    reason: str
    debt: DebtView
    state: State
    answer_by: dt.date | None
    statements: list[RecoveryStatementView]
    decision: RecoveryDecisionView | None
    used: list[Used]


def recovery_view(recovery: Recovery) -> RecoveryView:
    return RecoveryView(
        recovery_id=recovery.id,
        benefit_id=recovery.benefit_id,
        debtor=recovery.debtor,
        reason=recovery.reason,
        debt=debt_view(recovery.id, recovery.debt),
        state=recovery.state,
        answer_by=recovery.answer_by,
        statements=[
            RecoveryStatementView(at=one.at, by=one.by, text=mask_text(recovery.clear(one.text)))
            for one in recovery.statements
        ],
        decision=(
            RecoveryDecisionView(
                on=recovery.decision.on, by=recovery.decision.by, text=mask_text(recovery.clear(recovery.decision.text))
            )
            if recovery.decision
            else None
        ),
        used=recovery.used,
    )


class RecoveryToOpen(BaseModel):
    """`reason` is a code, such as `overpaid`, `recognition_revoked`, `fraud`, `no_longer_entitled`, `fund_advance`.

    `debtor`: the payee; the employer, for what the fund took over; a third party, for medical costs. From the payee it is only
    proposed, unless `heard` says what they have said to it already.
    """

    amount: PositiveYuan
    reason: Code
    debtor: Debtor = "payee"
    heard: Text | None = None


class InstalmentCorrected(BaseModel):
    """Which instalment was recorded wrongly (the first is 1), why, and what came instead; null where nothing did."""

    number: int = Field(ge=1, le=1000)
    reason: Text
    anew: MoneyPaid | None


class PayeeStatement(BaseModel):
    """What the payee says to a proposal."""

    statement: Text


class DecisionOnRecovery(BaseModel):
    """`order`: claim back what was proposed, or less of it (`amount`); `drop`: nothing. `reason`: why, told to the payee."""

    outcome: Literal["order", "drop"]
    amount: PositiveYuan | None = None
    reason: Text

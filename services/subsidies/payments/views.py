"""What HTTP shows of payments."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel

from services.subsidies.payments.documents import Payment
from services.subsidies.payments.rules import Move, State
from shared.identity.masking import mask_bank_account, mask_name
from shared.storage.fields import Yuan


class PaymentStep(BaseModel):
    """Something that was done to a payment."""

    at: dt.datetime
    move: Move
    batch: str | None


class PaymentView(BaseModel):
    """What is owed and how it stands; name and account are masked, and `reason` is the bank's own for not paying.
    `doubted`: the bank has said both that it was paid and that it was not, and an officer finds out."""

    payment_id: str
    application_id: str
    number: str
    kind: str
    district: str
    amount: Yuan
    due_on: dt.date
    state: State
    name: str
    account: str
    bank: str | None
    paid_on: dt.date | None
    reason: str | None
    claimed: Yuan
    doubted: bool
    steps: list[PaymentStep]

    @classmethod
    def of(cls, one: Payment) -> Self:
        payee = one.payee
        return cls(
            payment_id=one.id,
            application_id=one.application_id,
            number=one.number,
            kind=one.kind,
            district=one.district,
            amount=one.amount,
            due_on=one.due_on,
            state=one.state,
            name=mask_name(payee.name),
            account=mask_bank_account(payee.account),
            bank=one.bank,
            paid_on=one.paid_on,
            reason=one.clear_reason,
            claimed=one.claimed,
            doubted=one.doubted is not None,
            steps=[PaymentStep(at=step.at, move=step.move, batch=step.batch) for step in one.steps],
        )

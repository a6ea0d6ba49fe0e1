"""What HTTP shows of what a penalty costs, and of how it is paid."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from pydantic import BaseModel

from services.complaints.penalties import debt_rules
from services.complaints.penalties.debt_rules import ZERO
from services.complaints.penalties.documents import Penalty, clear
from services.complaints.penalties.payment_documents import Part, Payment, Toward
from services.complaints.penalties.rules import Why
from services.complaints.penalties.steps import day_of_debt, left_to_refund
from shared.storage.fields import Yuan


class CollectedView(BaseModel):
    """A fine that officers collected: why, and when it reached their office and the bank."""

    why: Why
    amount: Yuan
    on: dt.date
    handed_in_on: dt.date | None
    banked_on: dt.date | None


class PaymentView(BaseModel):
    """What was taken in: for what, and the number of the receipt."""

    amount: Yuan
    on: dt.date
    receipt: str
    toward: Toward


class CorrectionView(BaseModel):
    """A payment that was recorded here in error: since when it counts no more, why, and whether it counts elsewhere. `spared`: nothing
    was added to what it had covered while it stood here."""

    payment: PaymentView
    on: dt.date
    reason: str
    moved: bool
    spared: bool


class RefundView(BaseModel):
    """What was paid back, with which interest, when, and the number of the receipt."""

    amount: Yuan
    interest: Yuan
    on: dt.date
    receipt: str


class AgreementView(BaseModel):
    """An agreement on how the decision is carried out: what was agreed and mended, what was waived for it, and since when it is
    broken."""

    text: str
    remedy: str | None
    relief: Yuan
    on: dt.date
    broken_on: dt.date | None


class OwedApartView(BaseModel):
    """What is still to be paid of the fine, of what was added to it, and of what is confiscated, each by itself; `again`: what was
    paid back and is owed after all."""

    fine: Yuan
    surcharge: Yuan
    confiscated: Yuan
    again: Yuan


class DebtView(BaseModel):
    """What of a fine and of what is confiscated is due when, and today's figures. `paid`: all that was received; `owed`: fine,
    surcharge and confiscated sum less what was paid, and `owed_apart` each of them; `refund`: what was paid beyond it and is not
    paid back yet; `to_repay`: what those harmed have not got back yet."""

    parts: list[Part]
    confiscation: Part | None
    payments: list[PaymentView]
    corrections: list[CorrectionView]
    percent_a_day: int
    surcharge: Yuan
    paid: Yuan
    owed: Yuan
    owed_apart: OwedApartView
    refund: Yuan
    refunds: list[RefundView]
    to_repay: Yuan
    collected: CollectedView | None
    reminded_on: dt.date | None
    deferral_asked: bool
    deferral_answer: str | None
    agreement: AgreementView | None


def debt_of(penalty: Penalty) -> DebtView:
    """The figures of today, or of the last payment where nothing is owed any more."""
    account, day = penalty.account, day_of_debt(penalty)
    added, apart = debt_rules.surcharge(account, day), debt_rules.apart(account, day)
    gain = None if penalty.found is None else penalty.found.gain
    return DebtView(
        parts=penalty.parts,
        confiscation=penalty.confiscation,
        payments=[_payment(one) for one in penalty.payments],
        corrections=[
            CorrectionView(
                payment=_payment(one.payment),
                on=one.on,
                reason=clear(penalty.id, one.reason) or "",
                moved=one.moved_to is not None,
                spared=one.spared,
            )
            for one in penalty.corrections
        ],
        percent_a_day=penalty.percent,
        surcharge=added,
        paid=account.received,
        owed=apart.total,
        owed_apart=OwedApartView(**asdict(apart)),
        refund=left_to_refund(penalty),
        refunds=[RefundView(**one.model_dump(exclude={"by"})) for one in penalty.refunds],
        to_repay=ZERO if gain is None else gain.value.left_to_repay,
        collected=None
        if penalty.collected is None
        else CollectedView(**penalty.collected.model_dump(exclude={"by", "receipt"})),
        reminded_on=None if penalty.reminder is None else penalty.reminder.on,
        deferral_asked=penalty.deferral is not None,
        deferral_answer=clear(penalty.id, penalty.deferral_answer),
        agreement=_agreement(penalty),
    )


def _agreement(penalty: Penalty) -> AgreementView | None:
    agreed, own = penalty.agreement, penalty.id
    if agreed is None:
        return None
    kept = agreed.model_dump(include={"relief", "on", "broken_on"})
    return AgreementView(text=clear(own, agreed.text) or "", remedy=clear(own, agreed.remedy), **kept)


def _payment(payment: Payment) -> PaymentView:
    return PaymentView(**payment.model_dump(include={*PaymentView.model_fields}))

"""What HTTP shows of what a penalty costs, and of how it is paid."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from pydantic import BaseModel

from services.complaints.penalties import debt_rules
from services.complaints.penalties.debt_rules import ZERO
from services.complaints.penalties.documents import Penalty, clear
from services.complaints.penalties.payment_documents import Claim, LateDays, Part, Payment, Reminder
from services.complaints.penalties.rules import Toward, Why
from services.complaints.penalties.steps import day_of_debt, refund_apart
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
    """What was paid back, of which sum (null: of both together), with which interest, when, and the number of the receipt."""

    amount: Yuan
    interest: Yuan
    on: dt.date
    receipt: str
    toward: Toward | None


class BackView(BaseModel):
    """What goes back, or went back, of what was paid for the fine with what was added, and for what is confiscated."""

    fine: Yuan
    confiscated: Yuan


class AgreementView(BaseModel):
    """An agreement on how the decision is carried out: what was agreed and mended, what was waived for it, and since when it is
    broken."""

    text: str
    remedy: str | None
    relief: Yuan
    on: dt.date
    broken_on: dt.date | None


class ClaimView(BaseModel):
    """What was still to be paid of each sum, and how what was added is reckoned: `added` in all, from `began_on` on, `before` the
    parts of the fine were made anew, and since then `percent` a day of what was `late`, on so many `days`; never more than the
    `cap`."""

    fine: Yuan
    surcharge: Yuan
    confiscated: Yuan
    again: Yuan
    added: Yuan
    percent: int
    cap: Yuan
    before: Yuan
    began_on: dt.date | None
    days: int
    late: list[LateDays]


class ReminderView(BaseModel):
    """A reminder (催告书): when and how it was given, what was owed, and until when it was to be paid."""

    on: dt.date
    by: str
    owed: Yuan
    pay_by: dt.date | None
    claim: ClaimView | None


class CourtView(BaseModel):
    """An application to a court for compulsory execution, and what for."""

    on: dt.date
    claim: ClaimView | None


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
    paid back yet, `refund_apart` and `refunded_apart` what of each sum goes back and went back; `to_repay`: what those harmed have not
    got back yet."""

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
    refund_apart: BackView
    refunded_apart: BackView
    refunds: list[RefundView]
    to_repay: Yuan
    collected: CollectedView | None
    reminded_on: dt.date | None
    reminder: ReminderView | None
    court: CourtView | None
    deferral_asked: bool
    deferral_answer: str | None
    agreement: AgreementView | None


def debt_of(penalty: Penalty) -> DebtView:
    """The figures of today, or of the last payment where nothing is owed any more."""
    account, day = penalty.account, day_of_debt(penalty)
    added, apart = debt_rules.surcharge(account, day), debt_rules.apart(account, day)
    left = refund_apart(penalty)
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
        refund=left.total,
        refund_apart=BackView(**asdict(left)),
        refunded_apart=BackView(**asdict(debt_rules.paid_back(account, day))),
        refunds=[RefundView(**one.model_dump(exclude={"by"})) for one in penalty.refunds],
        to_repay=ZERO if gain is None else gain.value.left_to_repay,
        collected=None
        if penalty.collected is None
        else CollectedView(**penalty.collected.model_dump(exclude={"by", "receipt"})),
        reminded_on=None if penalty.reminder is None else penalty.reminder.on,
        reminder=_reminder(penalty.reminder),
        court=None if penalty.court_on is None else CourtView(on=penalty.court_on, claim=_claim(penalty.court_claim)),
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


def _reminder(reminder: Reminder | None) -> ReminderView | None:
    if reminder is None:
        return None
    return ReminderView(**reminder.model_dump(exclude={"claim"}), claim=_claim(reminder.claim))


def _claim(claim: Claim | None) -> ClaimView | None:
    return None if claim is None else ClaimView(**claim.model_dump(), days=claim.days)


def _payment(payment: Payment) -> PaymentView:
    return PaymentView(**payment.model_dump(include={*PaymentView.model_fields}))

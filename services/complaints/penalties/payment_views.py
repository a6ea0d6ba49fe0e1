"""What HTTP shows of what a penalty costs, and of how it is paid."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.complaints.penalties import payment_rules
from services.complaints.penalties.documents import Penalty, clear
from services.complaints.penalties.payment_documents import Part, Payment, Toward
from services.complaints.penalties.payment_rules import ZERO
from services.complaints.penalties.rules import OWED
from services.complaints.penalties.spot_rules import Why
from shared import clock
from shared.policy.calendar import shanghai_date
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


class DebtView(BaseModel):
    """What of a fine and of what is confiscated is due when, and today's figures. `owed`: fine, surcharge and confiscated sum less
    what was paid; `refund`: what was paid beyond it; `to_repay`: what those harmed have not got back yet."""

    parts: list[Part]
    confiscation: Part | None
    payments: list[PaymentView]
    corrections: list[CorrectionView]
    percent_a_day: int
    surcharge: Yuan
    paid: Yuan
    owed: Yuan
    refund: Yuan
    to_repay: Yuan
    collected: CollectedView | None
    reminded_on: dt.date | None
    deferral_asked: bool
    deferral_answer: str | None


def debt_of(penalty: Penalty) -> DebtView:
    """The figures of today, or of the last payment where nothing is owed any more."""
    account, last = penalty.account, penalty.payments[-1].on if penalty.payments else None
    day = shanghai_date(clock.now()) if penalty.state in OWED or last is None else last
    added = payment_rules.surcharge(account, day)
    paid = account.paid + sum((one.amount for one in account.handed_over), ZERO)
    annulled = penalty.state == "annulled"
    beyond = max(-payment_rules.owed(account, day), ZERO) + max(-payment_rules.unconfiscated(account), ZERO)
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
        paid=paid,
        owed=ZERO if annulled else payment_rules.total(account, day),
        refund=paid if annulled else beyond,
        to_repay=ZERO if gain is None else gain.value.left_to_repay,
        collected=None
        if penalty.collected is None
        else CollectedView(**penalty.collected.model_dump(exclude={"by", "receipt"})),
        reminded_on=None if penalty.reminder is None else penalty.reminder.on,
        deferral_asked=penalty.deferral is not None,
        deferral_answer=clear(penalty.id, penalty.deferral_answer),
    )


def _payment(payment: Payment) -> PaymentView:
    return PaymentView(**payment.model_dump(include={*PaymentView.model_fields}))

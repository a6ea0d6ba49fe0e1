"""Pay back what was paid beyond what is owed, or on a decision that was changed or annulled (行政处罚法 art. 74: 依法应当退还)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from services.complaints.officers.documents import Officer
from services.complaints.penalties import events, steps
from services.complaints.penalties.documents import PaymentReceipt, Penalty
from services.complaints.penalties.payment_documents import Refund
from services.complaints.penalties.rules import Toward
from services.complaints.penalty_payments import rules
from services.complaints.penalty_payments.commands import REFUND
from services.complaints.terms import commands as terms
from shared import faults
from shared.errors import Conflict, RuleBroken
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidBack:
    """What was paid back, yuan, with which interest, when, against which receipt, and of which sum (None: it is not said)."""

    amount: Decimal
    interest: Decimal
    on: dt.date
    receipt: str
    toward: Toward | None = None


async def refund(penalty: Penalty, back: PaidBack, officer: Officer, tx: Transaction) -> Penalty:
    """Record that something was paid back: no more than is to be of its sum, and each receipt once, for one penalty. Of which sum it
    is need not be said where too much was paid for one alone."""
    left = steps.refund_apart(penalty)
    toward = rules.refunded_toward(back.toward, left)
    rules.check_refund(back.amount, toward, left)
    paid_on = min(one.on for one in penalty.payments if toward in (None, one.toward))
    if not paid_on <= back.on <= steps.today():
        raise RuleBroken("refund-day", "退还日期有误", "the day is before the payment or after today")
    if any(one.receipt == back.receipt for one in penalty.refunds):
        raise _receipt_known()
    try:
        await PaymentReceipt.take(f"refund:{back.on}:{back.receipt}", penalty.id, tx)
    except AlreadyTaken:
        raise _receipt_known() from None
    paid_back = Refund(
        amount=back.amount, interest=back.interest, on=back.on, receipt=back.receipt, by=officer.id, toward=toward
    )
    penalty.refunds = [*penalty.refunds, paid_back]
    left = steps.refund_apart(penalty)
    if not left.total:
        await terms.meet("penalty", penalty.id, REFUND, back.on, tx)
    steps.tell(penalty, events.refunded(penalty, paid_back, left), tx)
    faults.reach("penalty.refunded")
    return await penalty.put(tx)


def _receipt_known() -> Conflict:
    return Conflict("receipt-known", "该退还凭证已登记", "the receipt is known already")

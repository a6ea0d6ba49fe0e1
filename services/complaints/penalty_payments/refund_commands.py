"""Pay back what was paid on a decision that was changed or annulled (行政处罚法 art. 74: 依法应当退还)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from services.complaints.officers.documents import Officer
from services.complaints.penalties import events, steps
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.payment_documents import Refund
from services.complaints.penalty_payments.commands import REFUND
from services.complaints.terms import commands as terms
from services.complaints.terms.rules import Length
from shared.errors import Conflict, RuleBroken
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidBack:
    """What was paid back, yuan, with which interest, when, against which receipt."""

    amount: Decimal
    interest: Decimal
    on: dt.date
    receipt: str


async def refund(penalty: Penalty, back: PaidBack, officer: Officer, tx: Transaction) -> Penalty:
    """Record that something was paid back: no more than is to be, and each receipt once."""
    left = steps.left_to_refund(penalty)
    if not left:
        raise Conflict("nothing-to-refund", "没有应当退还的款项", "nothing is to be paid back")
    if back.amount > left:
        raise RuleBroken(
            "too-much", f"退还金额不得超过{left}元", f"no more is paid back than {left} yuan", left=str(left)
        )
    if not penalty.payments[0].on <= back.on <= steps.today():
        raise RuleBroken("refund-day", "退还日期有误", "the day is before the payment or after today")
    if any(one.receipt == back.receipt for one in penalty.refunds):
        raise Conflict("receipt-known", "该退还凭证已登记", "the receipt is known already")
    paid_back = Refund(amount=back.amount, interest=back.interest, on=back.on, receipt=back.receipt, by=officer.id)
    penalty.refunds = [*penalty.refunds, paid_back]
    left -= back.amount
    if not left:
        await terms.meet("penalty", penalty.id, REFUND, back.on, tx)
    steps.tell(penalty, events.refunded(penalty, paid_back, left), tx)
    return await penalty.put(tx)


async def watch(penalty: Penalty, on: dt.date, tx: Transaction) -> None:
    """Have the term to pay back run from a day on while something is to be, and end where nothing is any more."""
    law = steps.law_of(penalty)
    if not steps.left_to_refund(penalty):
        await terms.end_step("penalty", penalty.id, REFUND, tx)
    elif await terms.open_term("penalty", penalty.id, REFUND, tx) is None:
        length = Length(law.days("penalty.refund_workdays"), "workdays")
        await terms.set_term(
            steps.about(penalty), REFUND, length, begun_on=on, rests_on="changed_or_annulled", used=law.used, tx=tx
        )
        steps.keep_law(penalty, law)

"""Correct a payment that was recorded on the wrong penalty: take it back, or move it to where it belongs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.complaints.officers.documents import Officer
from services.complaints.penalties import debt_rules, events, rules, steps
from services.complaints.penalties.confidence import check_silent
from services.complaints.penalties.documents import PaymentReceipt, Penalty, encrypted_text
from services.complaints.penalties.payment_documents import Correction, Payment
from services.complaints.penalties.rules import Toward
from services.complaints.penalty_payments.commands import (
    BANK,
    HAND_IN,
    add_again,
    owe_again,
    pay,
    watch,
)
from services.complaints.terms import commands as terms
from shared import faults
from shared.errors import Conflict, RuleBroken
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A payment by its day and receipt, why it does not belong here, and whether what was added for the days on which it stood here
    is spared, since the office had said that it was paid."""

    on: dt.date
    receipt: str
    reason: str
    spared: bool


@dataclass(frozen=True, slots=True)
class Right:
    """The penalty to which a payment belongs, and what of it is paid."""

    penalty: Penalty
    toward: Toward


async def correct(penalty: Penalty, wrong: Wrong, right: Right | None, officer: Officer, tx: Transaction) -> Penalty:
    """Let a payment count no more where it was recorded, as another officer than who recorded it, and count where it belongs (`right`;
    None: nowhere, and its receipt may be recorded again). It stays on record with the reason.

    What is owed, what was added day by day, parts and the way to a court stand then as if it had never been recorded here
    (行政处罚法 art. 66, 72, 75).
    """
    payment = _payment(penalty, wrong)
    rules.check_officer(
        officer.id, steps.investigators(penalty) if payment.recorded_by is None else [payment.recorded_by]
    )
    if penalty.refunds:
        raise Conflict(
            "refunded",
            "该案已办理退款，不得再更正缴款登记",
            "something was paid back already: payments are not corrected",
        )
    if right is not None and right.penalty.id == penalty.id and right.toward == payment.toward:
        raise RuleBroken("same-place", "该缴款已登记在此处", "the payment is recorded there already")
    law = steps.law_of(penalty)
    await check_silent(penalty, [wrong.reason], tx)
    steps.move(penalty, "correct")
    await _take_back(penalty, payment, moved=right is not None, tx=tx)
    penalty.payments = [one for one in penalty.payments if one is not payment]
    penalty.corrections = [
        *penalty.corrections,
        Correction(
            payment=payment,
            on=steps.today(),
            by=officer.id,
            reason=encrypted_text(penalty.id, wrong.reason),
            moved_to=None if right is None else right.penalty.id,
            spared=wrong.spared,
        ),
    ]
    add_again(penalty)
    await owe_again(penalty, law, tx)
    await watch(penalty, steps.today(), tx)
    left = debt_rules.total(penalty.account, steps.today())
    steps.tell(penalty, events.payment_corrected(penalty, payment, left, moved=right is not None), tx)
    await steps.put(penalty, law, tx)
    faults.reach("penalty.payment_taken_back")
    if right is not None:
        await PaymentReceipt.hand_over(f"{payment.on}:{payment.receipt}", penalty.id, right.penalty.id, tx)
        await pay(right.penalty, payment.amount, payment.on, payment.receipt, officer.id, tx, toward=right.toward)
    return penalty


def _payment(penalty: Penalty, wrong: Wrong) -> Payment:
    found = [one for one in penalty.payments if (one.on, one.receipt) == (wrong.on, wrong.receipt)]
    if not found:
        raise Conflict(
            "no-such-payment",
            "该凭证的缴款未登记在此处或者已经更正",
            "no such payment is recorded here, or not any more",
        )
    return found[0]


async def _take_back(penalty: Penalty, payment: Payment, *, moved: bool, tx: Transaction) -> None:
    """Let the receipt go, and what follows from its collection by officers."""
    collected = penalty.collected
    if collected is not None and collected.on == payment.on and collected.receipt in (None, payment.receipt):
        if moved:
            raise Conflict(
                "collected",
                "当场收缴的罚款应先撤回登记，再在所属案件登记当场收缴",
                "what officers collected is taken back here, and recorded as collected where it belongs",
            )
        penalty.collected = None
        for step in (HAND_IN, BANK):
            await terms.end_step("penalty", penalty.id, step, tx)
    if not moved:
        await PaymentReceipt.give_up(f"{payment.on}:{payment.receipt}", penalty.id, tx)

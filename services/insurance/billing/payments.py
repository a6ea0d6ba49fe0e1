"""Payments of bills, reminders before the due day, and what follows when it has passed.

A payment is known by its number: told again, it changes nothing. An officer cannot enter more than is owed; but money
that the province says has come is kept whatever it comes to, and what is too much stands on the bill as overpaid, until the
platform's next bill takes it.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.insurance.billing.documents import Bill, Payment, SetOff
from services.insurance.billing.rules import STATES, Event, due_on, late_fee, law_of_bill, set_off
from shared import clock
from shared.contracts.base import money, to_fen
from shared.contracts.insurance import BillDueNear, BillFields, BillOverdue, BillPaid
from shared.errors import Conflict, NotFound, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Stored, from_day
from shared.storage.records import find
from shared.storage.transaction import Transaction

DUE_NEAR = TimerKind("insurance.bill_due_near")
OVERDUE = TimerKind("insurance.bill_overdue")
CALENDAR = TimerKind("insurance.bill_calendar")
STORED = Stored(CALENDAR, Bill, from_day("due_on"))

PAYMENT_TIME = dt.timedelta(hours=1)
"""How long a bill that is issued after its due day may be paid before it counts as overdue: our own, not the law's."""


async def record_payment(payment_id: str, bill_id: str, amount: Decimal, paid_on: dt.date, tx: Transaction) -> None:
    """Record a payment that has come for a bill, in yuan; one that is known changes nothing.

    Raises NotFound, and Conflict where its number stands for another payment.
    """
    payment = Payment(id=payment_id, bill_id=bill_id, amount=amount, paid_on=paid_on, by="province")
    if not await _is_known(payment, tx):
        await _keep(payment, tx)


async def enter(payment: Payment, tx: Transaction) -> None:
    """Record a payment that an officer enters. One entered before changes nothing.

    Raises NotFound, RuleBroken where it is more than is owed, and Conflict.
    """
    if await _is_known(payment, tx):
        return
    bill = await _issued(payment.bill_id, tx)
    if not STATES.allows(bill.status, "full_payment"):
        raise Conflict("nothing-due", "该账单无应缴金额", "nothing is owed on this bill")
    if payment.amount > bill.outstanding:
        raise RuleBroken("more-than-due", "缴款金额超过应缴金额", "the amount is more than is outstanding")
    await _keep(payment, tx)


async def _is_known(payment: Payment, tx: Transaction) -> bool:
    """Whether a payment was recorded before; raises Conflict where its number stands for another one."""
    known = await Payment.of(payment.id, tx)
    if known is not None and (known.bill_id, known.amount) != (payment.bill_id, payment.amount):
        raise Conflict("payment-number-used", "该缴款编号已用于其他缴款", "the number stands for another payment")
    return known is not None


async def _issued(bill_id: str, tx: Transaction) -> Bill:
    bill = await Bill.of(bill_id, tx)
    if bill is None or bill.status == "draft":
        raise NotFound("该账单", "the bill")
    return bill


async def _keep(payment: Payment, tx: Transaction) -> None:
    bill = await _issued(payment.bill_id, tx)
    await payment.put(tx)
    for_bill = min(payment.amount, bill.outstanding)
    bill.paid += for_bill
    bill.overpaid += payment.amount - for_bill
    settled = bill.outstanding == 0
    if for_bill:
        bill.status = STATES.next(bill.status, "full_payment" if settled else "part_payment")
    if settled:
        tx.cancel(DUE_NEAR, bill.id)
        tx.cancel(OVERDUE, bill.id)
    await bill.put(tx)
    tx.publish(
        BillPaid(
            **_fields(bill),
            payment_id=payment.id,
            amount=money(payment.amount),
            paid_on=payment.paid_on,
            settled=settled,
        )
    )


async def set_off_credits(bill: Bill, tx: Transaction) -> None:
    """Let the platform's credits, the oldest first, pay a bill that is being issued: each fen of them once."""
    if bill.premium <= 0:
        return
    known = await tx.find(Bill, {"platform": bill.platform})
    credited = [one for one in known if one.id != bill.id and one.status != "draft" and one.account.credit > 0]
    credited.sort(key=lambda one: one.month)
    for one, amount in zip(credited, set_off(bill.premium, [one.account.credit for one in credited]), strict=True):
        if amount > 0:
            one.passed_on.append(SetOff(bill_id=bill.id, amount=amount))
            bill.set_off.append(SetOff(bill_id=one.id, amount=amount))
            await one.put(tx)
    if bill.outstanding == 0:
        bill.status = STATES.next(bill.status, "full_payment")


def watch(bill: Bill, law: Law, tx: Transaction) -> None:
    """Set the reminder and the deadline of a bill that was just issued; a reminder whose time has passed is not set."""
    if bill.due_on is not None and bill.status == "issued":
        _schedule(bill, bill.due_on, law, tx)


def _schedule(bill: Bill, day: dt.date, law: Law, tx: Transaction) -> None:
    near = calendar.start_of_day(day - dt.timedelta(days=law.days("oip.bill_reminder_days")))
    if near > clock.now():
        tx.schedule(DUE_NEAR, bill.id, near)
    tx.schedule(OVERDUE, bill.id, max(calendar.end_of_day(day), clock.now() + PAYMENT_TIME))


async def recalculate(bill_id: str, tx: Transaction) -> None:
    """Move a bill's last day, where the days off have been published that it rests on; its late fee is reckoned from there."""
    bill = await Bill.of(bill_id, tx)
    if bill is None or bill.due_on is None:
        return
    law = law_of_bill(bill.month)
    day = due_on(bill.month, law)
    if day == bill.due_on:
        return
    bill.due_on = day
    if STATES.allows(bill.status, "due_day_passed"):
        _schedule(bill, day, law, tx)
    await bill.put(tx)


async def remind(bill: Bill, tx: Transaction) -> None:
    """Say that a bill is due soon, where it is still owed."""
    if STATES.allows(bill.status, "reminder"):
        tx.publish(BillDueNear(**_fields(bill)))


async def lapse(bill: Bill, tx: Transaction) -> None:
    """The due day has passed, or a reminder's period after it: say so, and set the next reminder, up to the last."""
    event: Event = "reminder" if bill.status == "overdue" else "due_day_passed"
    if not STATES.allows(bill.status, event) or bill.due_on is None:
        return
    bill.status = STATES.next(bill.status, event)
    bill.reminders += event == "reminder"
    now = clock.now()
    law = parameters.on(bill.due_on)
    fee = await late_fee_on(bill, calendar.shanghai_date(now), law, tx)
    period, most = law.days("oip.overdue_reminder_days"), law.number("oip.overdue_reminders")
    bill.used += [one for one in law.used if one not in bill.used]
    await bill.put(tx)
    tx.publish(BillOverdue(**_fields(bill), late_fee=money(fee), reminders=bill.reminders))
    if bill.reminders < most:
        tx.schedule(OVERDUE, bill.id, now + dt.timedelta(days=period))


async def payments_of(bill_id: str, tx: Transaction | None = None) -> list[Payment]:
    """A bill's payments, by day."""
    found = await find(Payment, {"bill_id": bill_id}, tx)
    return sorted(found, key=lambda payment: (payment.paid_on, payment.id))


async def late_fee_on(bill: Bill, day: dt.date, law: Law, tx: Transaction | None = None) -> Decimal:
    """The late fee that has grown on a bill by the end of a day, in yuan (oip.late_fee_per_day of the due day)."""
    if bill.due_on is None or day <= bill.due_on or bill.premium <= 0:
        return to_fen(Decimal(0))
    paid = [(payment.paid_on, payment.amount) for payment in await payments_of(bill.id, tx)]
    return late_fee(bill.to_collect, paid, bill.due_on, day, law.amount("oip.late_fee_per_day"))


def _fields(bill: Bill) -> BillFields:
    assert bill.due_on is not None, "a bill that is issued is due"
    return {
        "bill_id": bill.id,
        "platform": bill.platform,
        "month": bill.month,
        "premium": money(bill.premium),
        "paid": money(bill.paid),
        "outstanding": money(bill.outstanding),
        "due_on": bill.due_on,
    }

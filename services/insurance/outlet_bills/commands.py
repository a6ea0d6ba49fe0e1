"""Issue an outlet's bill, take its payments, set off what was paid too much, and remind of what is owed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from services.insurance.billing.rules import late_fee
from services.insurance.outlet_bills import rules
from services.insurance.outlet_bills.documents import Given, OutletBill, OutletPayment, Receipt
from services.insurance.outlet_bills.rules import STATES, Contributions, Event
from services.insurance.outlets.documents import OutletMark
from shared import clock
from shared.contracts.base import money
from shared.contracts.insurance import BillDueNear, BillFields, BillIssued, BillOverdue, BillPaid
from shared.errors import Conflict, NotFound, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Stored, from_day
from shared.storage.records import find
from shared.storage.transaction import Transaction

DUE_NEAR = TimerKind("insurance.outlet_bill_due_near")
OVERDUE = TimerKind("insurance.outlet_bill_overdue")
CALENDAR = TimerKind("insurance.outlet_bill_calendar")
STORED = Stored(CALENDAR, OutletBill, from_day("due_on"))

PAYMENT_TIME = dt.timedelta(hours=1)
"""How long a bill that is issued after its due day may be paid before it counts as overdue: our own, not the law's."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a month's statement comes to, in yuan, and who owes it."""

    outlet: str
    insurer: str
    month: str
    district: str
    people: int
    amount: Decimal


async def issue(drawn: Drawn, tx: Transaction) -> None:
    """Issue a month's bill, or change the one that was issued; where nothing is owed there is none."""
    await OutletMark.touch(
        drawn.outlet, tx
    )  # so that no excess and no debt that come at one moment overlook each other
    bill_id = f"{drawn.outlet}:{drawn.month}"
    bill = await OutletBill.of(bill_id, tx)
    if bill is None:
        if drawn.amount == 0:
            return
        law = law_of_bill(drawn.month, drawn.district)
        bill = OutletBill(
            id=bill_id,
            outlet=drawn.outlet,
            insurer=drawn.insurer,
            month=drawn.month,
            district=drawn.district,
            people=drawn.people,
            amount=drawn.amount,
            status=STATES.next("none", "issue"),
            due_on=rules.due_on(drawn.month, law),
            used=list(law.used),
        )
        _watch(bill, law, tx)
    else:
        before = bill.amount, bill.insurer
        bill.people = drawn.people
        if not bill.receipts:
            bill.insurer = drawn.insurer  # who has paid already, stays whoever owes it
        if before == (drawn.amount, bill.insurer):
            await bill.put(tx)
            return
        if bill.amount != drawn.amount:
            today = calendar.shanghai_date(clock.now())
            bill.ask(drawn.amount, today, calendar.shanghai_date(bill.created_at))
        raised = bill.status == "paid" and bill.outstanding > 0
        bill.status = STATES.next(bill.status, "raised" if raised else "redrawn")
        if raised:
            bill.settled_on, bill.reminders = None, 0
            _watch(bill, law_of_bill(bill.month, bill.district), tx)
        elif bill.outstanding == 0:
            _settle(bill, tx)
    tx.publish(
        BillIssued(
            bill_id=bill.id,
            platform=bill.insurer,
            month=bill.month,
            orders=0,
            late_orders=0,
            premium=money(bill.amount),
            due_on=bill.due_on,
            scheme="work_injury",
            outlet=bill.outlet,
            people=bill.people,
        )
    )
    await _set_off(bill, tx)
    await bill.put(tx)


async def record_payment(payment_id: str, bill_id: str, amount: Decimal, paid_on: dt.date, tx: Transaction) -> None:
    """Record a payment that has come for a bill, in yuan; one that is known changes nothing.

    Raises NotFound, and Conflict where its number stands for another payment.
    """
    payment = OutletPayment(id=payment_id, bill_id=bill_id, amount=amount, paid_on=paid_on, by="province")
    if not await _is_known(payment, tx):
        await _keep(payment, tx)


async def enter(payment: OutletPayment, tx: Transaction) -> None:
    """Record a payment that an officer enters. One entered before changes nothing.

    Raises NotFound, RuleBroken where it is more than is owed, and Conflict.
    """
    if await _is_known(payment, tx):
        return
    bill = await _of(payment.bill_id, tx)
    if bill.outstanding == 0:
        raise Conflict("nothing-due", "该账单无应缴金额", "nothing is owed on this bill")
    if payment.amount > bill.outstanding:
        raise RuleBroken("more-than-due", "缴款金额超过应缴金额", "the amount is more than is outstanding")
    await _keep(payment, tx)


async def _is_known(payment: OutletPayment, tx: Transaction) -> bool:
    """Whether a payment was recorded before; raises Conflict where its number stands for another one."""
    known = await OutletPayment.of(payment.id, tx)
    if known is not None and (known.bill_id, known.amount) != (payment.bill_id, payment.amount):
        raise Conflict("payment-number-used", "该缴款编号已用于其他缴款", "the number stands for another payment")
    return known is not None


async def _of(bill_id: str, tx: Transaction) -> OutletBill:
    bill = await OutletBill.of(bill_id, tx)
    if bill is None:
        raise NotFound("该账单", "the bill")
    return bill


async def _keep(payment: OutletPayment, tx: Transaction) -> None:
    bill = await _of(payment.bill_id, tx)
    await OutletMark.touch(bill.outlet, tx)
    await payment.put(tx)
    _receive(bill, Receipt(kind="payment", number=payment.id, amount=payment.amount, paid_on=payment.paid_on), tx)
    await _set_off(bill, tx)
    await bill.put(tx)


def _receive(bill: OutletBill, receipt: Receipt, tx: Transaction) -> None:
    owed = bill.outstanding > 0
    bill.receipts.append(receipt)
    settled = bill.outstanding == 0
    if owed and settled:
        _settle(bill, tx)
    elif owed:
        bill.status = STATES.next(bill.status, "part_payment")
    number = receipt.number if receipt.kind == "payment" else f"set-off:{receipt.number}"
    tx.publish(
        BillPaid(
            **_fields(bill),
            payment_id=number,
            amount=money(receipt.amount),
            paid_on=receipt.paid_on,
            settled=settled,
        )
    )


def _settle(bill: OutletBill, tx: Transaction) -> None:
    if bill.status != "paid":
        bill.status = STATES.next(bill.status, "full_payment")
    came = [(one.paid_on, one.amount) for one in bill.receipts]
    bill.settled_on = rules.settled_on(bill.amount, came) or min(bill.due_on, calendar.shanghai_date(clock.now()))
    tx.cancel(DUE_NEAR, bill.id)
    tx.cancel(OVERDUE, bill.id)


async def _set_off(bill: OutletBill, tx: Transaction) -> None:
    """Let what was paid too much for an outlet meet what is owed for it by the same insurer. Stores all but `bill`."""
    if bill.balance == 0:
        return
    others = {one.id: one for one in await tx.find(OutletBill, {"outlet": bill.outlet})}
    same = {one.id: one for one in (others | {bill.id: bill}).values() if one.insurer == bill.insurer}
    today = calendar.shanghai_date(clock.now())
    touched: dict[str, OutletBill] = {}
    for one in rules.set_offs([(id_, same[id_].balance) for id_ in sorted(same)]):
        giver, taker = same[one.from_bill], same[one.to_bill]
        giver.given += one.amount
        giver.gifts.append(Given(number=taker.id, amount=one.amount, on=today))
        _receive(taker, Receipt(kind="set_off", number=giver.id, amount=one.amount, paid_on=today), tx)
        touched |= {giver.id: giver, taker.id: taker}
    for other in touched.values():
        if other is not bill:
            await other.put(tx)


def law_of_bill(month: str, district: str) -> Law:
    """The law by which a month's bill is made and paid: that of the next month's first day."""
    return parameters.on(calendar.months_after(calendar.first_day(month), 1), place=district)


def _watch(bill: OutletBill, law: Law, tx: Transaction) -> None:
    """Set the reminder and the deadline; a reminder whose time has passed is not set."""
    now = clock.now()
    near = calendar.start_of_day(bill.due_on - dt.timedelta(days=law.days("express_outlet.bill_reminder_days")))
    if near > now:
        tx.schedule(DUE_NEAR, bill.id, near)
    tx.schedule(OVERDUE, bill.id, max(calendar.end_of_day(bill.due_on), now + PAYMENT_TIME))


async def recalculate(bill_id: str, tx: Transaction) -> None:
    """Move a bill's last day, where the days off have been published that it rests on; its late fee is reckoned from there."""
    bill = await OutletBill.of(bill_id, tx)
    if bill is None:
        return
    law = law_of_bill(bill.month, bill.district)
    day = rules.due_on(bill.month, law)
    if day == bill.due_on:
        return
    bill.due_on = day
    if STATES.allows(bill.status, "due_day_passed"):
        _watch(bill, law, tx)
    await bill.put(tx)


async def remind(bill: OutletBill, tx: Transaction) -> None:
    """Say that a bill is due soon, where it is still owed."""
    if STATES.allows(bill.status, "reminder"):
        tx.publish(BillDueNear(**_fields(bill)))


async def lapse(bill: OutletBill, tx: Transaction) -> None:
    """The due day has passed, or a reminder's period after it: say so, and set the next reminder, up to the last."""
    event: Event = "reminder" if bill.status == "overdue" else "due_day_passed"
    if not STATES.allows(bill.status, event):
        return
    bill.status = STATES.next(bill.status, event)
    bill.reminders += event == "reminder"
    now = clock.now()
    law = parameters.on(bill.due_on, place=bill.district)
    fee = late_fee_on(bill, calendar.shanghai_date(now), law)
    period, most = law.days("express_outlet.overdue_reminder_days"), law.number("express_outlet.overdue_reminders")
    bill.used += [one for one in law.used if one not in bill.used]
    await bill.put(tx)
    tx.publish(BillOverdue(**_fields(bill), late_fee=money(fee), reminders=bill.reminders))
    if bill.reminders < most:
        tx.schedule(OVERDUE, bill.id, now + dt.timedelta(days=period))


def late_fee_on(bill: OutletBill, day: dt.date, law: Law) -> Decimal:
    """The late fee that has grown on a bill by the end of a day, in yuan (社会保险法 art. 86): of what it was raised by again not for
    the time in which it asked for less, and of what was set off against another bill from then on."""
    if day <= bill.due_on or bill.amount == 0:
        return Decimal("0.00")
    return late_fee(bill.amount, bill.flows, bill.due_on, day, law.amount("social_insurance.late_fee_per_day"))


async def contributions_of(
    outlet: str, insurer: str, accident: dt.date, tx: Transaction | None = None
) -> tuple[Contributions, dt.date | None]:
    """Whether an outlet's contributions were paid when an accident happened, by its bills, and when arrears were made up."""
    bills = await find(OutletBill, {"outlet": outlet}, tx)
    owed = [bill.owed for bill in bills if bill.insurer == insurer]
    stand = rules.contributions(owed, accident)
    return stand, rules.made_up_on(owed, accident) if stand == "paid_since" else None


def _fields(bill: OutletBill) -> BillFields:
    return {
        "bill_id": bill.id,
        "platform": bill.insurer,
        "month": bill.month,
        "premium": money(bill.amount),
        "paid": money(bill.paid),
        "outstanding": money(bill.outstanding),
        "due_on": bill.due_on,
        "scheme": "work_injury",
        "outlet": bill.outlet,
    }

"""Bills that are being filled or are due, and months that end."""

from __future__ import annotations

from services.insurance.billing import commands as billing
from services.insurance.billing import payments
from services.insurance.billing.documents import Bill
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(billing.FILL)
async def on_bill(due: Due[None], tx: Transaction) -> None:
    bill = await Bill.of(due.key, tx)
    if bill is not None and bill.status == "draft":
        await billing.fill(bill, tx)


@timer(billing.MONTH_END)
async def on_month_end(due: Due[billing.MonthToEnd], tx: Transaction) -> None:
    await billing.end_month(due.payload.month, tx)


@timer(payments.DUE_NEAR)
async def on_due_near(due: Due[None], tx: Transaction) -> None:
    bill = await Bill.of(due.key, tx)
    if bill is not None:
        await payments.remind(bill, tx)


@timer(payments.CALENDAR)
async def on_calendar(due: Due[None], tx: Transaction) -> None:
    await payments.recalculate(due.key, tx)


@timer(payments.OVERDUE)
async def on_overdue(due: Due[None], tx: Transaction) -> None:
    bill = await Bill.of(due.key, tx)
    if bill is not None:
        await payments.lapse(bill, tx)

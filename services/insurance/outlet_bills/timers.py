"""Outlets' bills that are due, or overdue."""

from __future__ import annotations

from services.insurance.outlet_bills import commands
from services.insurance.outlet_bills.documents import OutletBill
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.DUE_NEAR)
async def on_due_near(due: Due[None], tx: Transaction) -> None:
    bill = await OutletBill.of(due.key, tx)
    if bill is not None:
        await commands.remind(bill, tx)


@timer(commands.CALENDAR)
async def on_calendar(due: Due[None], tx: Transaction) -> None:
    await commands.recalculate(due.key, tx)


@timer(commands.OVERDUE)
async def on_overdue(due: Due[None], tx: Transaction) -> None:
    bill = await OutletBill.of(due.key, tx)
    if bill is not None:
        await commands.lapse(bill, tx)

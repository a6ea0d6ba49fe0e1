"""The last day of a recognition, of its yearly check, and of the time to offer help to work."""

from __future__ import annotations

from services.subsidies.recognition import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.EXPIRE)
async def on_expiry_due(due: Due[None], tx: Transaction) -> None:
    await commands.expire(due.key, tx)


@timer(commands.CHECK_NEAR)
async def on_check_near(due: Due[commands.CheckBy], tx: Transaction) -> None:
    await commands.remind(due.key, due.payload.check_by, tx, overdue=False)


@timer(commands.CHECK_OVERDUE)
async def on_check_overdue(due: Due[commands.CheckBy], tx: Transaction) -> None:
    await commands.remind(due.key, due.payload.check_by, tx, overdue=True)


@timer(commands.ASSIST_BY)
async def on_assist_by(due: Due[None], tx: Transaction) -> None:
    await commands.miss_assistance(due.key, tx)


@timer(commands.CALENDAR)
async def on_calendar(due: Due[None], tx: Transaction) -> None:
    await commands.recalculate(due.key, tx)

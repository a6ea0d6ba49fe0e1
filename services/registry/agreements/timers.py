"""The deadline of a paper, and the reminder before it."""

from __future__ import annotations

from services.registry.agreements import commands
from shared.messaging.timers import Due, timer
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


@timer(commands.NEAR)
async def on_near(due: Due[commands.DueDay], tx: Transaction) -> None:
    await commands.remind(due.key, due.payload.due_on, tx)


@timer(commands.MISSED)
async def on_missed(due: Due[commands.DueDay], tx: Transaction) -> None:
    await commands.miss(due.key, due.payload.due_on, tx)


@timer(commands.CALENDAR)
async def on_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await commands.recalculate(due.key, due.payload, tx)

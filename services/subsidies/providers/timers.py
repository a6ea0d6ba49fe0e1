"""The last day of a filing, and the reminder of it."""

from __future__ import annotations

from services.subsidies.providers import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.REMIND)
async def on_reminder_due(due: Due[commands.LastDay], tx: Transaction) -> None:
    await commands.remind(due.key, due.payload.valid_to, tx)


@timer(commands.EXPIRE)
async def on_expiry_due(due: Due[commands.LastDay], tx: Transaction) -> None:
    await commands.expire(due.key, due.payload.valid_to, tx)

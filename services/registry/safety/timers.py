"""The reminder's day of a safety training."""

from __future__ import annotations

from services.registry.safety import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.REMIND)
async def on_reminder_due(due: Due[commands.LastDay], tx: Transaction) -> None:
    await commands.remind(due.key, due.payload.valid_to, tx)

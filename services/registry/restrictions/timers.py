"""The last days of restrictions."""

from __future__ import annotations

from services.registry.restrictions import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.EXPIRY)
async def on_last_day_over(due: Due[None], tx: Transaction) -> None:
    await commands.expire(due.key, tx)

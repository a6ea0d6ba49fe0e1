"""The last days of cooperations."""

from __future__ import annotations

from services.registry.cooperations import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.LAST_DAY)
async def on_last_day_over(due: Due[None], tx: Transaction) -> None:
    await commands.end_if_over(due.key, tx)

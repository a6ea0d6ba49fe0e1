"""Reviews whose last day follows the days off, once they are published."""

from __future__ import annotations

from services.subsidies.appeals import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.CALENDAR)
async def on_calendar(due: Due[None], tx: Transaction) -> None:
    await commands.recalculate(due.key, tx)

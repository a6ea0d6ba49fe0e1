"""Last days to publish that days off move, once those of their year are published."""

from __future__ import annotations

from services.complaints.inspections import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.CALENDAR)
async def on_calendar(due: Due[None], tx: Transaction) -> None:
    await commands.recalculate(due.key, tx)

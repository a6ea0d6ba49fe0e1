"""Days of penalties that follow the days off."""

from __future__ import annotations

from services.complaints.penalty_decisions import calendar_commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(calendar_commands.CALENDAR)
async def on_calendar(due: Due[None], tx: Transaction) -> None:
    await calendar_commands.recalculate(due.key, tx)

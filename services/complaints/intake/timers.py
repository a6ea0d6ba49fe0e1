"""Days of work that are checked again, some at a time."""

from __future__ import annotations

from services.complaints.intake import hours_commands
from shared import clock
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(hours_commands.RECHECK)
async def on_recheck(due: Due[hours_commands.Days], tx: Transaction) -> None:
    further = await hours_commands.recheck_some(due.payload, tx)
    if further is not None:
        tx.schedule(hours_commands.RECHECK, due.key, clock.now(), further)

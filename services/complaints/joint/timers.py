"""The last days of parts."""

from __future__ import annotations

from services.complaints.joint import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.MISSING)
async def on_part(due: Due[commands.Missing], tx: Transaction) -> None:
    await commands.record_missed(due.payload, tx)

"""The terms of cases."""

from __future__ import annotations

from services.complaints.cases import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.DEADLINE)
async def on_term(due: Due, tx: Transaction) -> None:
    await commands.note_missed_term(due.key, due.data["step"], tx)

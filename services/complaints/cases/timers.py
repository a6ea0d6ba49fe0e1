"""The terms of cases."""

from __future__ import annotations

from services.complaints.cases import term_commands as commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.DEADLINE)
async def on_term(due: Due[commands.Awaited], tx: Transaction) -> None:
    await commands.record_missed_term(due.key, due.payload.step, tx)

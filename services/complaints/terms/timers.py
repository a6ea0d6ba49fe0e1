"""The time at which officers hear of a term."""

from __future__ import annotations

from services.complaints.terms import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.TELL)
async def on_term(due: Due[None], tx: Transaction) -> None:
    await commands.tell(due.key, tx)

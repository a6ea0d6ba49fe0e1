"""The last day of a term."""

from __future__ import annotations

from services.insurance.deferrals import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.ENDS)
async def on_term_over(due: Due[None], tx: Transaction) -> None:
    await commands.end(due.key, tx)

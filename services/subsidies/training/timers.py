"""The end of the wait for facts."""

from __future__ import annotations

from services.subsidies.training import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.WAIT_ENDS)
async def on_wait_ended(due: Due[None], tx: Transaction) -> None:
    await commands.end_wait(due.key, tx)

"""The day after which the files of a matter are not kept any more."""

from __future__ import annotations

from services.complaints.evidence import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.REMOVAL)
async def on_end_of_keeping(due: Due[None], tx: Transaction) -> None:
    await commands.remove(due.key, tx)

"""Later looks at a claim's cover."""

from __future__ import annotations

from services.insurance.claims import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.CHECK)
async def on_check(due: Due, tx: Transaction) -> None:
    await commands.check(due.data["claim"], tx)


@timer(commands.LAST_CHECK)
async def on_last_check(due: Due, tx: Transaction) -> None:
    await commands.check(due.data["claim"], tx, last=True)

"""The daily look at dispatch shares."""

from __future__ import annotations

from services.registry.dispatch_share import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.SHARE)
async def on_day_over(due: Due[None], tx: Transaction) -> None:
    await commands.look(due.key, tx)

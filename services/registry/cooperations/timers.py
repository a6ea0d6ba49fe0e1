"""The last days of cooperations, and the daily look at dispatch shares."""

from __future__ import annotations

from services.registry.cooperations import commands, shares
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.LAST_DAY)
async def on_last_day_over(due: Due, tx: Transaction) -> None:
    await commands.end_if_over(due.key, tx)


@timer(shares.SHARE)
async def on_day_over(due: Due, tx: Transaction) -> None:
    await shares.look(due.key, tx)

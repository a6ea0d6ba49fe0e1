"""The last days of cooperations, and the daily look at dispatch shares."""

from __future__ import annotations

from services.registry.cooperations import commands
from services.registry.dispatch_share import commands as dispatch_share
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.LAST_DAY)
async def on_last_day_over(due: Due[None], tx: Transaction) -> None:
    await commands.end_if_over(due.key, tx)


@timer(dispatch_share.SHARE)
async def on_day_over(due: Due[None], tx: Transaction) -> None:
    await dispatch_share.look(due.key, tx, dispatches=await commands.has_dispatch(due.key, tx))

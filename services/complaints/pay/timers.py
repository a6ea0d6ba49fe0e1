"""Settlements that are checked again, some at a time."""

from __future__ import annotations

from services.complaints.pay import commands
from shared import clock
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.RECHECK)
async def on_recheck(due: Due[commands.Recheck], tx: Transaction) -> None:
    further = await commands.recheck_some(due.payload, tx)
    if further is not None:
        tx.schedule(commands.RECHECK, due.key, clock.now(), further)

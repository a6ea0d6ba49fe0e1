"""Matters of before there were counters, some at a time."""

from __future__ import annotations

from services.complaints.statistics import commands
from shared import clock
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.BEHIND)
async def on_behind(due: Due[commands.Behind], tx: Transaction) -> None:
    further = await commands.count_some(due.payload, tx)
    if further is not None:
        tx.schedule(commands.BEHIND, due.key, clock.now(), further)

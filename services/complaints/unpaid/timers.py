"""Months whose term is over, and work of such months that came later."""

from __future__ import annotations

from services.complaints.unpaid import commands
from services.complaints.work_time.commands import PAST_MONTH
from shared import clock
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.SWEEP)
async def on_month(due: Due[commands.Sweep], tx: Transaction) -> None:
    further = await commands.sweep_some(due.payload, tx)
    if further is not None:
        tx.schedule(commands.SWEEP, due.key, clock.now(), further)


@timer(commands.FOR_NOTHING)
async def on_for_nothing(due: Due[commands.ForNothing], tx: Transaction) -> None:
    further = await commands.look_for_nothing(due.payload, tx)
    if further is not None:
        tx.schedule(commands.FOR_NOTHING, due.key, clock.now(), further)


@timer(PAST_MONTH)
async def on_past_month(due: Due[None], tx: Transaction) -> None:
    worker, _, month = due.key.rpartition("|")
    await commands.check([(worker, month)], tx)

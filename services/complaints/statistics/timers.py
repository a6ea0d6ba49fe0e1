"""Matters of before there were counters, some at a time."""

from __future__ import annotations

from services.complaints.cases.term_commands import RATED
from services.complaints.statistics import commands
from shared import clock
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.BEHIND)
async def on_behind(due: Due[commands.Behind], tx: Transaction) -> None:
    further = await commands.count_some(due.payload, tx)
    if further is not None:
        tx.schedule(commands.BEHIND, due.key, clock.now(), further)


@timer(RATED)
async def on_rated(due: Due[None], tx: Transaction) -> None:
    """A rating is told to nobody, so no event says that it is there to be counted."""
    await commands.count_ratings([due.key], tx)

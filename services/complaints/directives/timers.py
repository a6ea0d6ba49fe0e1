"""Orders to put right whose term passes."""

from __future__ import annotations

from services.complaints.directives import commands
from services.complaints.directives.closing import DUE, NEAR
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(DUE)
async def on_due(due: Due[None], tx: Transaction) -> None:
    await commands.lapse(due.key, tx)


@timer(commands.CALENDAR)
async def on_calendar(due: Due[None], tx: Transaction) -> None:
    await commands.recalculate(due.key, tx)


@timer(NEAR)
async def on_near(due: Due[None], tx: Transaction) -> None:
    await commands.remind(due.key, tx)

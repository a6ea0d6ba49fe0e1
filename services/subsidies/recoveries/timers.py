"""The day of an instalment is over, or the time to be heard."""

from __future__ import annotations

from services.subsidies.recoveries import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.INSTALMENT)
async def on_instalment(due: Due[commands.DueOn], tx: Transaction) -> None:
    await commands.miss(due.key, due.payload.day, tx)


@timer(commands.HEARING)
async def on_hearing_over(due: Due[None], tx: Transaction) -> None:
    await commands.hearing_over(due.key, tx)


@timer(commands.CALENDAR)
async def on_calendar(due: Due[None], tx: Transaction) -> None:
    await commands.recalculate(due.key, tx)

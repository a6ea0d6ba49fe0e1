"""The last day for an answer to a demand for consultation is over, or rests on days off that are published now."""

from __future__ import annotations

from services.registry.consultations import commands
from shared.messaging.timers import Due, timer
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


@timer(commands.CALENDAR)
async def on_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await commands.recalculate(due.key, due.payload, tx)


@timer(commands.OVERDUE)
async def on_answer_time_over(due: Due[None], tx: Transaction) -> None:
    await commands.answer_overdue(due.key, tx)


@timer(commands.NEAR)
async def on_answer_time_near(due: Due[None], tx: Transaction) -> None:
    await commands.answer_near(due.key, tx)

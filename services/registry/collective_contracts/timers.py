"""The end of the time to hand a contract in and of the time for objections, and a contract's last day."""

from __future__ import annotations

from services.registry.collective_contracts import commands, review, voting
from shared.messaging.timers import Due, timer
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


@timer(commands.FILING)
async def on_filing_time_over(due: Due[None], tx: Transaction) -> None:
    await voting.filing_overdue(due.key, tx)


@timer(commands.FILING_NEAR)
async def on_filing_time_near(due: Due[None], tx: Transaction) -> None:
    await voting.filing_near(due.key, tx)


@timer(review.EFFECT)
async def on_objection_time_over(due: Due[None], tx: Transaction) -> None:
    await review.take_effect(due.key, tx)


@timer(review.END)
async def on_last_day_over(due: Due[None], tx: Transaction) -> None:
    await review.end(due.key, tx)


@timer(commands.CALENDAR)
async def on_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await review.recalculate(due.key, due.payload, tx)

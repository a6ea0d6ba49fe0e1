"""The last day of a fixed term, and the reminder before it."""

from __future__ import annotations

from services.registry.contract_terms import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.NEAR)
async def on_near(due: Due[commands.LastDay], tx: Transaction) -> None:
    await commands.remind(due.key, due.payload.ends_on, tx)


@timer(commands.OVER)
async def on_over(due: Due[commands.LastDay], tx: Transaction) -> None:
    await commands.lapse(due.key, due.payload.ends_on, tx)

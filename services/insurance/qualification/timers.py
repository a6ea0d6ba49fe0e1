"""Checks that are near, and their last days."""

from __future__ import annotations

from services.insurance.qualification import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.REMIND)
async def on_near(due: Due[None], tx: Transaction) -> None:
    await commands.remind(due.key, tx)


@timer(commands.MISS)
async def on_last_day(due: Due[None], tx: Transaction) -> None:
    await commands.miss(due.key, tx)

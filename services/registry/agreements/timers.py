"""The deadline of a paper, and the reminder before it."""

from __future__ import annotations

import datetime as dt

from services.registry.agreements import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.NEAR)
async def on_near(due: Due, tx: Transaction) -> None:
    await commands.remind(due.key, dt.date.fromisoformat(due.data["due_on"]), tx)


@timer(commands.MISSED)
async def on_missed(due: Due, tx: Transaction) -> None:
    await commands.miss(due.key, dt.date.fromisoformat(due.data["due_on"]), tx)

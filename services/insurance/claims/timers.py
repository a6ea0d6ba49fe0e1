"""Later looks at a claim's cover, and the last days of its steps."""

from __future__ import annotations

import datetime as dt

from services.insurance.claims import commands, deadlines
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.CHECK)
async def on_check(due: Due, tx: Transaction) -> None:
    await commands.check(due.data["claim"], tx)


@timer(commands.LAST_CHECK)
async def on_last_check(due: Due, tx: Transaction) -> None:
    await commands.check(due.data["claim"], tx, last=True)


@timer(deadlines.NEAR)
async def on_deadline_near(due: Due, tx: Transaction) -> None:
    await deadlines.near(due.data["claim"], deadlines.step_of(due.key), dt.date.fromisoformat(due.data["due_on"]), tx)


@timer(deadlines.MISSED)
async def on_deadline_missed(due: Due, tx: Transaction) -> None:
    await deadlines.missed(due.data["claim"], deadlines.step_of(due.key), dt.date.fromisoformat(due.data["due_on"]), tx)

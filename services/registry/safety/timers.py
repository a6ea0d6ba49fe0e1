"""The reminder's day and the end of a safety training."""

from __future__ import annotations

import datetime as dt

from services.registry.engagements.commands import look_again_at
from services.registry.safety import commands
from shared.messaging.timers import Due, timer
from shared.policy.calendar import end_of_day
from shared.storage.transaction import Transaction


@timer(commands.REMIND)
async def on_reminder_due(due: Due, tx: Transaction) -> None:
    await commands.remind(due.key, dt.date.fromisoformat(due.data["valid_to"]), tx)


@timer(commands.LAPSE)
async def on_last_day_over(due: Due, tx: Transaction) -> None:
    last = dt.date.fromisoformat(due.data["valid_to"])
    worker_id = await commands.lapse(due.key, last, tx)
    if worker_id is not None:
        await look_again_at(worker_id, end_of_day(last), tx)

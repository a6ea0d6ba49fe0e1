"""The end of holding."""

from __future__ import annotations

import datetime as dt

from services.notifier.deliveries.commands import SETTLE
from services.notifier.holding import commands
from shared import clock
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(SETTLE)
async def on_settled(_: Due[None], tx: Transaction) -> None:
    await commands.queue_settled(clock.now(), tx)


@timer(commands.RELEASE)
async def on_released(due: Due[None], tx: Transaction) -> None:
    await commands.queue_released(dt.datetime.fromisoformat(due.key), tx)

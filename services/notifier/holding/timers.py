"""The end of holding."""

from __future__ import annotations

from services.notifier.deliveries.commands import SETTLE
from services.notifier.holding import commands
from shared import clock
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(SETTLE)
async def on_settled(_: Due[None], tx: Transaction) -> None:
    await commands.queue_settled(clock.now(), tx)

"""Terms from services, where the days off have been published that they rest on."""

from __future__ import annotations

from services.insurance.serving import commands as serving
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(serving.CALENDAR)
async def on_calendar(due: Due[None], tx: Transaction) -> None:
    await serving.recalculate(due.key, tx)

"""The last day to answer, when days off are published that it rests on."""

from __future__ import annotations

from services.registry.consultations import commands
from shared.messaging.timers import Due, timer
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


@timer(commands.CALENDAR)
async def on_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await commands.reckon_again(due.key, due.payload, tx)

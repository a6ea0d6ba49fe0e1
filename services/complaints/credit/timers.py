"""Listings whose last day is over."""

from __future__ import annotations

from services.complaints.credit import commands
from shared.messaging.timers import Due, timer
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


@timer(commands.EXPIRY)
async def on_expiry(due: Due[None], tx: Transaction) -> None:
    await commands.expire(due.key, tx)


@timer(commands.CALENDAR)
async def on_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await commands.recalculate(due.key, due.payload, tx)

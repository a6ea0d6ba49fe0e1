"""Listings whose last day is over."""

from __future__ import annotations

from services.complaints.credit import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.EXPIRY)
async def on_expiry(due: Due[None], tx: Transaction) -> None:
    await commands.expire(due.key, tx)

"""Filings that nobody has confirmed."""

from __future__ import annotations

from services.complaints.union_filings import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.LAPSE)
async def on_lapse(due: Due[None], tx: Transaction) -> None:
    await commands.lapse(due.key, tx)

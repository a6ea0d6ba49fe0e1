"""Fines whose last day to pay passes."""

from __future__ import annotations

from services.complaints.penalties import payment_commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(payment_commands.DUE)
async def on_due(due: Due[None], tx: Transaction) -> None:
    await payment_commands.lapse(due.key, tx)

"""Fines whose last day to pay passes."""

from __future__ import annotations

from services.complaints.penalty_payments import agreement_commands, commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.DUE)
async def on_due(due: Due[None], tx: Transaction) -> None:
    await agreement_commands.lapse(due.key, tx)

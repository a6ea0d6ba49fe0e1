"""Fines whose last day to pay passes, and days of penalties that follow the days off."""

from __future__ import annotations

from services.complaints.penalties import calendar_commands, payment_commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(payment_commands.DUE)
async def on_due(due: Due[None], tx: Transaction) -> None:
    await payment_commands.lapse(due.key, tx)


@timer(calendar_commands.CALENDAR)
async def on_calendar(due: Due[None], tx: Transaction) -> None:
    await calendar_commands.recalculate(due.key, tx)

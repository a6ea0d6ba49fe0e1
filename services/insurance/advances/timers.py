"""Sums that were not paid in time."""

from __future__ import annotations

from services.insurance.advances import commands as advances
from services.insurance.benefits import payments
from shared.messaging.timers import Due, timer
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


@timer(payments.EMPLOYER_DUE)
async def on_employer_due(due: Due[None], tx: Transaction) -> None:
    await advances.miss(due.key, tx)


@timer(payments.REMINDER)
async def on_reminder(due: Due[None], tx: Transaction) -> None:
    await advances.remind(due.key, tx)


@timer(advances.CALENDAR)
async def on_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await advances.recalculate(due.key, due.payload, tx)

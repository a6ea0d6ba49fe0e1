"""The first day of a programme, and the end of its enrolments where it is cancelled."""

from __future__ import annotations

from services.subsidies.enrolments import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.BEGIN)
async def on_programme_begins(due: Due[None], tx: Transaction) -> None:
    await commands.lapse(due.key, tx)


@timer(commands.CANCEL)
async def on_programme_cancelled(due: Due[None], tx: Transaction) -> None:
    await commands.cancel_some(due.key, tx)

"""The lines of a result, worked off one part after another."""

from __future__ import annotations

from services.subsidies.bank_results import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.WORK_OFF)
async def on_result(due: Due[None], tx: Transaction) -> None:
    await commands.work_off(due.key, tx)

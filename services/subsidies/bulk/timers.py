"""The rows of a sheet, submitted some at a time."""

from __future__ import annotations

from services.subsidies.bulk import commands
from shared.messaging.timers import Due, work
from shared.storage.transaction import Transaction


@work(commands.SUBMIT, seconds=50)
async def submit_rows(due: Due[None]) -> bool | None:
    return await commands.submit_some(due.key)


@submit_rows.store
async def submitted(due: Due[None], more: bool, tx: Transaction) -> None:
    await commands.go_on(due.key, tx, more=more)

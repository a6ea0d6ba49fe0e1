"""Reports that came before the answer that says whose they are."""

from __future__ import annotations

from services.notifier.receipts import commands
from services.notifier.receipts.commands import EARLY_REPORT, Report
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(EARLY_REPORT)
async def on_early_report(due: Due[Report], tx: Transaction) -> None:
    await commands.store_reports([due.payload], tx)

"""Reports that came before the answer that says whose they are, and receipts that did not come."""

from __future__ import annotations

from services.notifier.receipts import asking, commands
from services.notifier.receipts.asking import Asked
from services.notifier.receipts.commands import ASK, EARLY_REPORT, LOOK, Report, Seen
from shared.messaging.timers import Due, timer, work
from shared.storage.transaction import Transaction


@timer(EARLY_REPORT, lane="receipts")
async def on_early_report(due: Due[Report], tx: Transaction) -> None:
    await commands.store_reports([due.payload], tx)


@timer(LOOK, lane="receipts")
async def on_look(due: Due[Seen], tx: Transaction) -> None:
    await commands.look(due.payload.until, tx)


@work(ASK, seconds=50, lane="receipts")
async def ask(_: Due[Seen]) -> Asked:
    """Ask for what has not come. It holds up no message: none is in its lane."""
    return await asking.ask()


@ask.store
async def asked(due: Due[Seen], said: Asked, tx: Transaction) -> None:
    await commands.store_asked(said, due.payload, tx)

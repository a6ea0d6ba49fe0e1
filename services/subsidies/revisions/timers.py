"""What is known of somebody has changed, or a parameter has."""

from __future__ import annotations

from services.subsidies.decisions.commands import FACTS_CHANGED
from services.subsidies.revisions import commands
from shared import clock
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(FACTS_CHANGED)
async def on_facts_changed(due: Due[None], tx: Transaction) -> None:
    await commands.consider(due.key, tx)


@timer(commands.AGAIN)
async def on_again(due: Due[commands.Again], tx: Transaction) -> None:
    further = await commands.decide_some_again(due.payload, tx)
    if further is not None:
        tx.schedule(commands.AGAIN, due.key, clock.now(), further)

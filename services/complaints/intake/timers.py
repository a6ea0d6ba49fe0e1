"""Days of work that are checked again, some at a time; and people of whom a platform's reference was thought to be."""

from __future__ import annotations

from services.complaints.intake import commands, hours_commands
from services.complaints.parties.commands import LEFT
from shared import clock
from shared.messaging.timers import Due, timer, work
from shared.storage.transaction import Transaction


@timer(hours_commands.RECHECK)
async def on_recheck(due: Due[hours_commands.Days], tx: Transaction) -> None:
    further = await hours_commands.recheck_some(due.payload, tx)
    if further is not None:
        tx.schedule(hours_commands.RECHECK, due.key, clock.now(), further)


@work(LEFT, seconds=50)
async def on_left(due: Due[None]) -> None:
    """Check again what a person has left. The key is their id."""
    await commands.check_person(due.key)

"""What an outlet's change does to its people, and the month's statement."""

from __future__ import annotations

from services.insurance.outlet_filing import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.PEOPLE)
async def on_outlet_changed(due: Due[commands.AfterEngagement], tx: Transaction) -> None:
    await commands.look_at_people(due.key, due.payload.after, tx)

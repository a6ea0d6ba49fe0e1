"""People of whom it has become known which platforms' workers they are."""

from __future__ import annotations

from services.complaints.parties.commands import MOVED
from services.complaints.rest import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(MOVED)
async def on_moved(_: Due[None], tx: Transaction) -> None:
    await commands.look_at_moved(tx)

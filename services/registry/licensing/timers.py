"""The days on which licences begin and end."""

from __future__ import annotations

from services.registry.licensing import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.TURN)
async def on_licence_turn(due: Due[None], tx: Transaction) -> None:
    await commands.turn(due.key, tx)

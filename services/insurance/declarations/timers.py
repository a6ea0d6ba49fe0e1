"""Declarations that wait for the person to be on file."""

from __future__ import annotations

from services.insurance.declarations import push_commands
from services.insurance.declarations.push_commands import Wait
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(push_commands.LOOK)
async def on_look(due: Due[Wait], tx: Transaction) -> None:
    await push_commands.look(due.key, due.payload, tx)

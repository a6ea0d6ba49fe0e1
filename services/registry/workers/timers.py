"""The day on which a person's data is erased."""

from __future__ import annotations

from services.registry.workers import erasure
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(erasure.ERASURE)
async def on_erasure(due: Due[None], tx: Transaction) -> None:
    await erasure.look(due.key, tx)

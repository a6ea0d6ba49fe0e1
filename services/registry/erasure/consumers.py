"""Persons whose record was erased."""

from __future__ import annotations

from services.registry.erasure import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerErased
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


# erasures are rare: they share the group of another rare event
@consumes(WorkerErased, group="registry.restrictions")
async def on_worker_erased(event: CloudEvent[WorkerErased], tx: Transaction) -> None:
    await commands.erase_worker(event.data.worker_id, tx)

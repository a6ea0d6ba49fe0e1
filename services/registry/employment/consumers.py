"""What identifies a person is erased."""

from __future__ import annotations

from services.registry.employment import unemployment_commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerErased
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


# erasures are rare: they share the group of other rare events
@consumes(WorkerErased, group="registry.restrictions")
async def on_worker_erased(event: CloudEvent[WorkerErased], tx: Transaction) -> None:
    await unemployment_commands.forget(event.data.worker_id, tx)

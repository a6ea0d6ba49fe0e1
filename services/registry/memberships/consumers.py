"""Two records of one person become one."""

from __future__ import annotations

from services.registry.memberships import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerMerged
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


# mergers are rare: they share the group of another rare event
@consumes(WorkerMerged, group="registry.restrictions")
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    await commands.merge(event.data.worker_id, event.data.merged_worker_id, tx)

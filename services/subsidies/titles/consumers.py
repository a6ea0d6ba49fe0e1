"""Two records that were one person's."""

from __future__ import annotations

from services.subsidies.titles import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerMerged
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(WorkerMerged, group="subsidies.titles")
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    await commands.merge(event.data.worker_id, event.data.merged_worker_id, tx)

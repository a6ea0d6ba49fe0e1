"""Two records that were one person's, and persons who are erased."""

from __future__ import annotations

from services.subsidies.titles import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "subsidies.titles"


@consumes(WorkerMerged, group=GROUP)
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    await commands.merge(event.data.worker_id, event.data.merged_worker_id, tx)


@consumes(WorkerErased, group=GROUP)
async def on_worker_erased(event: CloudEvent[WorkerErased], tx: Transaction) -> None:
    await commands.erase(event.data.worker_id, tx)

"""Workers as the registry tells them: two records that were one person's."""

from __future__ import annotations

from services.insurance.outlet_filing import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerMerged
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(WorkerMerged, group="insurance.enrolment")
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    await commands.follow_merging(event.data.merged_worker_id, event.data.worker_id, tx)

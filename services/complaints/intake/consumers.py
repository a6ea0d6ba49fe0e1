"""Mergers of two records of one person, from the registry."""

from __future__ import annotations

from services.complaints.intake import commands
from services.complaints.parties.consumers import GROUP
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerMerged
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(WorkerMerged, group=GROUP)
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    await commands.merge_worker(event.data.worker_id, event.data.merged_worker_id, tx)

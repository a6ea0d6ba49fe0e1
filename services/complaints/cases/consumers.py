"""What the registry tells of the persons whose cases these are."""

from __future__ import annotations

from services.complaints.cases.documents import Case
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerMerged
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(WorkerMerged, group="complaints.parties")
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    """A person's cases go with them where two records become one."""
    moved = {"$set": {"worker_id": event.data.worker_id}, "$inc": {"revision": 1}}
    await tx.update_many(Case, {"worker_id": event.data.merged_worker_id}, moved)

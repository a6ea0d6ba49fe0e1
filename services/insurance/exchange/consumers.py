"""Workers as the registry tells them. What follows a merging does so in one transaction."""

from __future__ import annotations

from services.insurance.exchange import commands
from services.insurance.qualification import commands as qualification
from services.insurance.transfers import commands as transfers
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerMerged, WorkerRegistered
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(WorkerRegistered, group="insurance.exchange")
async def on_worker_registered(event: CloudEvent[WorkerRegistered], tx: Transaction) -> None:
    await commands.keep_worker(event.data, tx)


@consumes(WorkerMerged, group="insurance.exchange")
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    worker_id = await commands.merge(event.data, tx)
    if worker_id is not None:
        await transfers.follow_merging(event.data.merged_worker_id, worker_id, tx)
        await qualification.follow_merging(event.data.merged_worker_id, worker_id, tx)

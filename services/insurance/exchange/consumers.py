"""Workers as the registry tells them."""

from __future__ import annotations

from services.insurance.exchange import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerMerged, WorkerRegistered
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(WorkerRegistered, group="insurance.exchange")
async def on_worker_registered(event: CloudEvent[WorkerRegistered], tx: Transaction) -> None:
    await commands.keep_worker(event.data, tx)


@consumes(WorkerMerged, group="insurance.exchange")
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    await commands.merge(event.data, tx)

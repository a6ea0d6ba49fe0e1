"""Persons whose record the registry has erased."""

from __future__ import annotations

from services.insurance.erasure import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerErased
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


# in both groups that record who somebody is, so that neither records it again from an earlier event that it hears later
@consumes(WorkerErased, group="insurance.enrolment")
async def on_worker_erased(event: CloudEvent[WorkerErased], tx: Transaction) -> None:
    await commands.erase_worker(event.data.worker_id, tx)


@consumes(WorkerErased, group="insurance.exchange")
async def on_holder_erased(event: CloudEvent[WorkerErased], tx: Transaction) -> None:
    await commands.erase_worker(event.data.worker_id, tx)

"""Workers as the registry tells them. Engagements come by way of `footing`."""

from __future__ import annotations

from services.insurance.enrolment import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerRegistered
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(WorkerRegistered, group="insurance.enrolment")
async def on_worker_registered(event: CloudEvent[WorkerRegistered], tx: Transaction) -> None:
    await commands.keep_person(event.data, event.time, tx)

"""Workers as the registry tells them. Engagements come by way of `footing`."""

from __future__ import annotations

from collections.abc import Sequence

from services.insurance.enrolment import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerRegistered
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


async def read_persons(events: Sequence[CloudEvent[WorkerRegistered]], tx: Transaction) -> None:
    await commands.look_ahead([], [event.data.worker_id for event in events], tx)


@consumes(WorkerRegistered, group="insurance.enrolment", load=read_persons)
async def on_worker_registered(event: CloudEvent[WorkerRegistered], tx: Transaction) -> None:
    await commands.keep_person(event.data, event.time, tx)

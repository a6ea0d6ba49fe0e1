"""Trainings from platforms, and from the registry who their workers are, what they are called, and who is one person."""

from __future__ import annotations

from collections.abc import Sequence

from services.subsidies.attendance import commands as attendance
from services.subsidies.certificates import commands
from services.subsidies.enrolments import commands as enrolments
from services.subsidies.trainees import commands as trainees
from services.subsidies.trainees.documents import Person, Trainee
from shared.contracts.base import CloudEvent
from shared.contracts.platform import TrainingCompleted, platform_of
from shared.contracts.registry import (
    STANDING_EVENTS,
    EngagementFact,
    WorkerErased,
    WorkerMerged,
    WorkerRegistered,
)
from shared.messaging.consuming import consumes
from shared.storage.encryption import open_sealed
from shared.storage.transaction import Transaction

GROUP = "subsidies.certificates"


async def read_trainees(events: Sequence[CloudEvent[EngagementFact]], tx: Transaction) -> None:
    await tx.load(Trainee, (Trainee.key(event.data.platform, event.data.worker_ref) for event in events))
    await tx.load(Person, (event.data.worker_id for event in events))


async def read_trainings(events: Sequence[CloudEvent[TrainingCompleted]], tx: Transaction) -> None:
    await tx.load(Trainee, (Trainee.key(platform_of(event.source), event.data.worker_ref) for event in events))


async def read_persons(events: Sequence[CloudEvent[WorkerRegistered]], tx: Transaction) -> None:
    await tx.load(Person, (event.data.worker_id for event in events))


@consumes(TrainingCompleted, group=GROUP, load=read_trainings)
async def on_training(event: CloudEvent[TrainingCompleted], tx: Transaction) -> None:
    await commands.record_training(event.data, platform_of(event.source), event.id, tx)


@consumes(*STANDING_EVENTS, group=GROUP, load=read_trainees)
async def on_engagement(event: CloudEvent[EngagementFact], tx: Transaction) -> None:
    await commands.record_worker(event.data, tx)


@consumes(WorkerRegistered, group=GROUP, load=read_persons)
async def on_worker(event: CloudEvent[WorkerRegistered], tx: Transaction) -> None:
    told = open_sealed("subsidies", event.data.for_subsidies)
    await trainees.record_name(event.data.worker_id, told.get("name"), event.time, tx)


@consumes(WorkerMerged, group=GROUP)
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    worker_id, merged = event.data.worker_id, event.data.merged_worker_id
    await trainees.merge(worker_id, merged, tx)
    pairs = await enrolments.merge(worker_id, merged, tx)
    await attendance.merge(worker_id, merged, pairs, tx)
    await commands.merge(worker_id, merged, tx)


@consumes(WorkerErased, group=GROUP)
async def on_worker_erased(event: CloudEvent[WorkerErased], tx: Transaction) -> None:
    await trainees.erase(event.data.worker_id, tx)

"""Trainings from platforms, and from the registry who their workers are."""

from __future__ import annotations

from collections.abc import Sequence

from services.subsidies.certificates import commands
from services.subsidies.certificates.documents import Trainee
from shared.contracts.base import CloudEvent
from shared.contracts.platform import TrainingCompleted, platform_of
from shared.contracts.registry import (
    STANDING_EVENTS,
    EngagementFact,
)
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "subsidies.certificates"


async def read_trainees(events: Sequence[CloudEvent[EngagementFact]], tx: Transaction) -> None:
    await tx.load(Trainee, (Trainee.key(event.data.platform, event.data.worker_ref) for event in events))


@consumes(TrainingCompleted, group=GROUP)
async def on_training(event: CloudEvent[TrainingCompleted], tx: Transaction) -> None:
    await commands.record_training(event.data, platform_of(event.source), event.id, tx)


@consumes(*STANDING_EVENTS, group=GROUP, load=read_trainees)
async def on_engagement(event: CloudEvent[EngagementFact], tx: Transaction) -> None:
    await commands.record_worker(event.data, tx)

"""Trainings from platforms, and from the registry who their workers are."""

from __future__ import annotations

from services.subsidies.certificates import commands
from shared.contracts.base import CloudEvent
from shared.contracts.platform import TrainingCompleted, platform_of
from shared.contracts.registry import (
    EngagementActivated,
    EngagementBlocked,
    EngagementClosed,
    EngagementCorrected,
    EngagementRegistered,
)
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "subsidies.certificates"


@consumes(TrainingCompleted, group=GROUP)
async def on_training(event: CloudEvent[TrainingCompleted], tx: Transaction) -> None:
    await commands.keep_training(event.data, platform_of(event.source), tx)


@consumes(EngagementRegistered, group=GROUP)
async def on_registered(event: CloudEvent[EngagementRegistered], tx: Transaction) -> None:
    await commands.keep_worker(event.data, tx)


@consumes(EngagementBlocked, group=GROUP)
async def on_blocked(event: CloudEvent[EngagementBlocked], tx: Transaction) -> None:
    await commands.keep_worker(event.data, tx)


@consumes(EngagementActivated, group=GROUP)
async def on_activated(event: CloudEvent[EngagementActivated], tx: Transaction) -> None:
    await commands.keep_worker(event.data, tx)


@consumes(EngagementCorrected, group=GROUP)
async def on_corrected(event: CloudEvent[EngagementCorrected], tx: Transaction) -> None:
    await commands.keep_worker(event.data, tx)


@consumes(EngagementClosed, group=GROUP)
async def on_closed(event: CloudEvent[EngagementClosed], tx: Transaction) -> None:
    await commands.keep_worker(event.data, tx)

"""What platforms say of those who work through them."""

from __future__ import annotations

from services.registry.engagements import commands
from services.registry.instants import kept_instant
from shared.contracts.base import CloudEvent
from shared.contracts.platform import EngagementEnded, EngagementStarted, TrainingCompleted, platform_of
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(EngagementStarted, group="registry.intake")
async def on_engagement_started(event: CloudEvent[EngagementStarted], tx: Transaction) -> None:
    await commands.start(platform_of(event.source), event.data, kept_instant(event.time), tx)


@consumes(EngagementEnded, group="registry.intake")
async def on_engagement_ended(event: CloudEvent[EngagementEnded], tx: Transaction) -> None:
    await commands.end(platform_of(event.source), event.data, kept_instant(event.time), tx)


@consumes(TrainingCompleted, group="registry.intake")
async def on_training_completed(event: CloudEvent[TrainingCompleted], tx: Transaction) -> None:
    await commands.train(platform_of(event.source), event.data, kept_instant(event.time), tx)

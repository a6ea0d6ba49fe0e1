"""What platforms say of those who work through them."""

from __future__ import annotations

from collections.abc import Sequence

from services.registry.courses.documents import ReportedCourse
from services.registry.engagements.documents import Account
from services.registry.instants import kept_instant
from services.registry.intake import commands
from services.registry.sealing import unseal
from services.registry.workers import commands as workers
from shared.contracts.base import CloudEvent
from shared.contracts.platform import EngagementEnded, EngagementStarted, TrainingCompleted, platform_of
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


def _course(said: EngagementStarted | EngagementEnded | TrainingCompleted) -> str | None:
    if isinstance(said, TrainingCompleted):
        return said.course
    return said.safety_training.course if isinstance(said, EngagementStarted) and said.safety_training else None


async def read_accounts(
    events: Sequence[CloudEvent[EngagementStarted | EngagementEnded | TrainingCompleted]], tx: Transaction
) -> None:
    await tx.load(Account, (Account.key(platform_of(event.source), event.data.worker_ref) for event in events))
    named = ((platform_of(event.source), _course(event.data)) for event in events)
    await tx.load(ReportedCourse, (ReportedCourse.id_of(platform, course) for platform, course in named if course))
    begun = [event.data for event in events if isinstance(event.data, EngagementStarted)]
    await workers.load([unseal(said.id_number) for said in begun], tx)


@consumes(EngagementStarted, group="registry.intake", load=read_accounts)
async def on_engagement_started(event: CloudEvent[EngagementStarted], tx: Transaction) -> None:
    await commands.start(platform_of(event.source), event.data, kept_instant(event.time), tx)


@consumes(EngagementEnded, group="registry.intake", load=read_accounts)
async def on_engagement_ended(event: CloudEvent[EngagementEnded], tx: Transaction) -> None:
    await commands.end(platform_of(event.source), event.data, kept_instant(event.time), tx)


@consumes(TrainingCompleted, group="registry.intake", load=read_accounts)
async def on_training_completed(event: CloudEvent[TrainingCompleted], tx: Transaction) -> None:
    await commands.complete_training(platform_of(event.source), event.data, kept_instant(event.time), tx)

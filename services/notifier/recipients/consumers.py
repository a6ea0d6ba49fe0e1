"""What the registry tells about workers, enterprises and engagements becomes the notifier's own copies."""

from __future__ import annotations

from typing import Any

from services.notifier.recipients import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import (
    EngagementActivated,
    EngagementBlocked,
    EngagementClosed,
    EngagementCorrected,
    EngagementRegistered,
    EnterpriseRegistered,
    WorkerRegistered,
)
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "notifier.recipients"


@consumes(WorkerRegistered, group=GROUP)
async def on_worker_registered(event: CloudEvent[WorkerRegistered], tx: Transaction) -> None:
    await commands.keep_worker(event.data, event.time, tx)


@consumes(EnterpriseRegistered, group=GROUP)
async def on_enterprise_registered(event: CloudEvent[EnterpriseRegistered], tx: Transaction) -> None:
    await commands.keep_enterprise(event.data, event.time, tx)


async def _keep_engagement(event: CloudEvent[Any], tx: Transaction) -> None:
    await commands.keep_engagement(event.data, tx)


on_engagement_registered = consumes(EngagementRegistered, group=GROUP)(_keep_engagement)
on_engagement_blocked = consumes(EngagementBlocked, group=GROUP)(_keep_engagement)
on_engagement_activated = consumes(EngagementActivated, group=GROUP)(_keep_engagement)
on_engagement_corrected = consumes(EngagementCorrected, group=GROUP)(_keep_engagement)
on_engagement_closed = consumes(EngagementClosed, group=GROUP)(_keep_engagement)

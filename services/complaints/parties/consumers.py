"""What the registry tells."""

from __future__ import annotations

from services.complaints.parties import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import (
    EngagementActivated,
    EngagementBlocked,
    EngagementClosed,
    EngagementCorrected,
    EngagementRegistered,
    EnterpriseRegistered,
)
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "complaints.parties"


@consumes(EngagementRegistered, group=GROUP)
async def on_registered(event: CloudEvent[EngagementRegistered], tx: Transaction) -> None:
    await commands.keep_engagement(event.data, tx)


@consumes(EngagementBlocked, group=GROUP)
async def on_blocked(event: CloudEvent[EngagementBlocked], tx: Transaction) -> None:
    await commands.keep_engagement(event.data, tx)


@consumes(EngagementActivated, group=GROUP)
async def on_activated(event: CloudEvent[EngagementActivated], tx: Transaction) -> None:
    await commands.keep_engagement(event.data, tx)


@consumes(EngagementCorrected, group=GROUP)
async def on_corrected(event: CloudEvent[EngagementCorrected], tx: Transaction) -> None:
    await commands.keep_engagement(event.data, tx)


@consumes(EngagementClosed, group=GROUP)
async def on_closed(event: CloudEvent[EngagementClosed], tx: Transaction) -> None:
    await commands.keep_engagement(event.data, tx)


@consumes(EnterpriseRegistered, group=GROUP)
async def on_enterprise(event: CloudEvent[EnterpriseRegistered], tx: Transaction) -> None:
    await commands.keep_enterprise(event.data, event.time, tx)

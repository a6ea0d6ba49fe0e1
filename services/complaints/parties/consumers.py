"""What the registry tells."""

from __future__ import annotations

from services.complaints.parties import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import (
    EngagementActivated,
    EngagementBlocked,
    EngagementClosed,
    EngagementCorrected,
    EngagementFact,
    EnterpriseRegistered,
)
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "complaints.parties"


@consumes(EngagementBlocked, EngagementActivated, EngagementCorrected, EngagementClosed, group=GROUP)
async def on_engagement(event: CloudEvent[EngagementFact], tx: Transaction) -> None:
    await commands.keep_engagement(event.data, tx)


@consumes(EnterpriseRegistered, group=GROUP)
async def on_enterprise(event: CloudEvent[EnterpriseRegistered], tx: Transaction) -> None:
    await commands.keep_enterprise(event.data, event.time, tx)

"""Engagements and enterprises from the registry."""

from __future__ import annotations

from collections.abc import Sequence

from services.complaints.parties import commands
from services.complaints.parties.documents import Engagement
from shared.contracts.base import CloudEvent
from shared.contracts.registry import (
    STANDING_EVENTS,
    EngagementFact,
    EnterpriseRegistered,
)
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "complaints.parties"


async def read_engagements(events: Sequence[CloudEvent[EngagementFact]], tx: Transaction) -> None:
    await tx.load(Engagement, (event.data.engagement_id for event in events))


@consumes(*STANDING_EVENTS, group=GROUP, load=read_engagements)
async def on_engagement(event: CloudEvent[EngagementFact], tx: Transaction) -> None:
    await commands.record_engagement(event.data, tx)


@consumes(EnterpriseRegistered, group=GROUP)
async def on_enterprise(event: CloudEvent[EnterpriseRegistered], tx: Transaction) -> None:
    await commands.record_enterprise(event.data, event.time, tx)

"""Registry events on engagements, of which broadcasts have a copy of their own: by it they find whom they concern.

The group is its own, so that it hears at once everything that the topic still has. What the topic has no more (it keeps events for 90
days) the registry tells again: `python -m services.registry restate-engagements`.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.notifier.broadcasts import commands
from services.notifier.broadcasts.documents import Standing
from shared.contracts.base import CloudEvent
from shared.contracts.registry import STANDING_EVENTS, EngagementFact, EngagementRestated
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


async def read_standing(events: Sequence[CloudEvent[EngagementFact]], tx: Transaction) -> None:
    await tx.load(Standing, (event.data.engagement_id for event in events))


@consumes(*STANDING_EVENTS, EngagementRestated, group="notifier.audience", load=read_standing)
async def on_engagement(event: CloudEvent[EngagementFact], tx: Transaction) -> None:
    await commands.record_standing(event.data, tx)

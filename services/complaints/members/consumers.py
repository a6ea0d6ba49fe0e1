"""What the registry tells of unions and their members."""

from __future__ import annotations

from services.complaints.members import commands
from services.complaints.parties.consumers import GROUP
from shared.contracts.base import CloudEvent
from shared.contracts.registry import MembershipEnded, MembershipRecorded, UnionRecorded
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


# unions and memberships change seldom: they share the group of other rare events
@consumes(UnionRecorded, group=GROUP)
async def on_union(event: CloudEvent[UnionRecorded], tx: Transaction) -> None:
    await commands.record_union(event.data, event.time, tx)


@consumes(MembershipRecorded, group=GROUP)
async def on_joined(event: CloudEvent[MembershipRecorded], tx: Transaction) -> None:
    await commands.record_member(event.data, event.time, tx)


@consumes(MembershipEnded, group=GROUP)
async def on_left(event: CloudEvent[MembershipEnded], tx: Transaction) -> None:
    await commands.record_member(event.data, event.time, tx)

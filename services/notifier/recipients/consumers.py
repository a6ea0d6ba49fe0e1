"""Events on workers, their next of kin, enterprises, bodies that train or evaluate, unions and engagements, of which the notifier
has its own copies."""

from __future__ import annotations

from collections.abc import Sequence

from services.notifier.notices.rules import reference_of
from services.notifier.recipients import commands, person_commands
from services.notifier.recipients import contact_commands as contacts
from services.notifier.recipients.documents import Contact, Engagement, Reference, contact_id
from shared.contracts.base import CloudEvent
from shared.contracts.insurance import KinRecorded
from shared.contracts.registry import (
    STANDING_EVENTS,
    EngagementFact,
    EnterpriseRegistered,
    UnionRecorded,
    WorkerMerged,
    WorkerRegistered,
)
from shared.contracts.subsidies import ProviderSubmitted
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "notifier.recipients"


async def read_contacts(events: Sequence[CloudEvent[WorkerRegistered]], tx: Transaction) -> None:
    await tx.load(Contact, (contact_id("worker", event.data.worker_id) for event in events))


async def read_engagements(events: Sequence[CloudEvent[EngagementFact]], tx: Transaction) -> None:
    await tx.load(Engagement, (event.data.engagement_id for event in events))
    await tx.load(Reference, (reference_of(event.data.platform, event.data.worker_ref) for event in events))


@consumes(WorkerRegistered, group=GROUP, load=read_contacts)
async def on_worker_registered(event: CloudEvent[WorkerRegistered], tx: Transaction) -> None:
    await contacts.record_worker(event.data, event.time, tx)


@consumes(EnterpriseRegistered, group=GROUP)
async def on_enterprise_registered(event: CloudEvent[EnterpriseRegistered], tx: Transaction) -> None:
    await contacts.record_enterprise(event.data, event.time, tx)


@consumes(KinRecorded, group=GROUP)
async def on_kin_recorded(event: CloudEvent[KinRecorded], tx: Transaction) -> None:
    await contacts.record_kin(event.data, event.time, tx)


@consumes(UnionRecorded, group=GROUP)
async def on_union_recorded(event: CloudEvent[UnionRecorded], tx: Transaction) -> None:
    await contacts.record_union(event.data, event.time, tx)


@consumes(ProviderSubmitted, group=GROUP)
async def on_provider_submitted(event: CloudEvent[ProviderSubmitted], tx: Transaction) -> None:
    await contacts.record_provider(event.data, event.time, tx)


@consumes(*STANDING_EVENTS, group=GROUP, load=read_engagements)
async def on_engagement(event: CloudEvent[EngagementFact], tx: Transaction) -> None:
    await commands.record_engagement(event.data, tx)


@consumes(WorkerMerged, group=GROUP)
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    await person_commands.merge_worker(event.data.worker_id, event.data.merged_worker_id, tx)

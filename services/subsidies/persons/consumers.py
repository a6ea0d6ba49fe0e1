"""Facts on people and enterprises, from the registry and from insurance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.subsidies.decisions.documents import Subject
from services.subsidies.persons import commands
from services.subsidies.persons.documents import Applicant, Contribution, Engagement, Registration
from shared.contracts.base import CloudEvent
from shared.contracts.insurance import ContributionRecorded
from shared.contracts.registry import (
    STANDING_EVENTS,
    EmploymentEnded,
    EmploymentFact,
    EmploymentRegistered,
    EngagementActivated,
    EngagementFact,
    EngagementRestated,
    RestrictionApplied,
    RestrictionFact,
    RestrictionLifted,
    UnemploymentEnded,
    UnemploymentFact,
    UnemploymentRegistered,
    WorkerRegistered,
)
from shared.messaging.consuming import consumes
from shared.storage.encryption import open_sealed
from shared.storage.transaction import Transaction

GROUP = "subsidies.persons"


async def _read_people(worker_ids: list[str], tx: Transaction) -> None:
    await tx.load(Applicant, worker_ids)
    await tx.load(Subject, worker_ids)


async def read_applicants(events: Sequence[CloudEvent[WorkerRegistered]], tx: Transaction) -> None:
    await _read_people([event.data.worker_id for event in events], tx)


async def read_contributions(events: Sequence[CloudEvent[ContributionRecorded]], tx: Transaction) -> None:
    await tx.load(Contribution, (event.data.contribution_id for event in events))
    await _read_people([event.data.worker_id for event in events], tx)


async def read_registrations(events: Sequence[CloudEvent[EmploymentFact]], tx: Transaction) -> None:
    await tx.load(Registration, (event.data.registration_id for event in events))
    await _read_people([event.data.worker_id for event in events], tx)


async def read_engagements(events: Sequence[CloudEvent[EngagementFact]], tx: Transaction) -> None:
    await tx.load(Engagement, (event.data.engagement_id for event in events))
    await _read_people([event.data.worker_id for event in events], tx)


@consumes(WorkerRegistered, group=GROUP, load=read_applicants)
async def on_worker(event: CloudEvent[WorkerRegistered], tx: Transaction) -> None:
    said = open_sealed("subsidies", event.data.for_subsidies)
    born_on = dt.date.fromisoformat(said["born_on"])
    await commands.record_person(event, born_on, said.get("sex"), tx)


@consumes(ContributionRecorded, group=GROUP, load=read_contributions)
async def on_contribution(event: CloudEvent[ContributionRecorded], tx: Transaction) -> None:
    await commands.record_contribution(event, tx)


# The group of recognitions records it too, before it looks: this one does so beside processes of the version before.
@consumes(EmploymentRegistered, EmploymentEnded, group=GROUP, load=read_registrations)
async def on_employment(event: CloudEvent[EmploymentFact], tx: Transaction) -> None:
    await commands.record_registration(event, tx)


@consumes(UnemploymentRegistered, UnemploymentEnded, group=GROUP)
async def on_unemployment(event: CloudEvent[UnemploymentFact], tx: Transaction) -> None:
    await commands.record_unemployment(event, tx)


@consumes(*STANDING_EVENTS, EngagementRestated, group=GROUP, load=read_engagements)
async def on_engagement(event: CloudEvent[EngagementFact], tx: Transaction) -> None:
    await commands.record_engagement(event, active=isinstance(event.data, EngagementActivated), tx=tx)


@consumes(RestrictionApplied, RestrictionLifted, group=GROUP)
async def on_restriction(event: CloudEvent[RestrictionFact], tx: Transaction) -> None:
    await commands.record_restriction(event, tx)

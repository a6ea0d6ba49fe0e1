"""Engagements, platforms and workers as the registry tells of them, and benefits as they are granted and end."""

from __future__ import annotations

from collections.abc import Sequence

from services.insurance.engagements.rules import State
from services.insurance.enrolment import commands as enrolment
from services.insurance.intake import commands
from services.insurance.persons import commands as persons
from shared.contracts.base import CloudEvent
from shared.contracts.insurance import BenefitEnded, BenefitGranted, QualificationEnded
from shared.contracts.registry import (
    EngagementActivated,
    EngagementBlocked,
    EngagementCorrected,
    EngagementEnded,
    EngagementFact,
    EnterpriseRegistered,
    WorkerMerged,
    WorkerRegistered,
)
from shared.messaging.consuming import consumes
from shared.policy import calendar
from shared.storage.transaction import Transaction

ENROLMENT, EXCHANGE = "insurance.enrolment", "insurance.exchange"

STATES: dict[type[EngagementFact], State | None] = {
    EngagementBlocked: "blocked",
    EngagementActivated: "active",
    EngagementCorrected: None,
    EngagementEnded: "ended",
}
"""The state that an event says of its engagement; None where it says nothing of it."""


async def load_engagements(events: Sequence[CloudEvent[EngagementFact]], tx: Transaction) -> None:
    await commands.load([event.data for event in events], tx)


@consumes(*STATES, group=ENROLMENT, load=load_engagements)
async def on_engagement(event: CloudEvent[EngagementFact], tx: Transaction) -> None:
    await commands.follow_engagement(event.data, STATES[type(event.data)], tx)


@consumes(EnterpriseRegistered, group=ENROLMENT)
async def on_enterprise_registered(event: CloudEvent[EnterpriseRegistered], tx: Transaction) -> None:
    await commands.follow_enterprise(event.data, event.time, tx)


async def load_persons(events: Sequence[CloudEvent[WorkerRegistered]], tx: Transaction) -> None:
    await enrolment.load([], [event.data.worker_id for event in events], tx)


@consumes(WorkerRegistered, group=ENROLMENT, load=load_persons)
async def on_person(event: CloudEvent[WorkerRegistered], tx: Transaction) -> None:
    await commands.follow_person(event.data, event.time, tx)


async def load_holders(events: Sequence[CloudEvent[WorkerRegistered]], tx: Transaction) -> None:
    await persons.load_holders([event.data for event in events], tx)


@consumes(WorkerRegistered, group=EXCHANGE, load=load_holders)
async def on_holder(event: CloudEvent[WorkerRegistered], tx: Transaction) -> None:
    await commands.follow_holder(event.data, tx)


@consumes(WorkerMerged, group=EXCHANGE)
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    await commands.follow_merging(event.data, tx)


@consumes(BenefitGranted, group=EXCHANGE)
async def on_benefit_granted(event: CloudEvent[BenefitGranted], tx: Transaction) -> None:
    await commands.follow_grant(event.data, calendar.shanghai_date(event.time), tx)


@consumes(BenefitEnded, group=EXCHANGE)
async def on_benefit_ended(event: CloudEvent[BenefitEnded], tx: Transaction) -> None:
    await commands.follow_last_payment(event.data, tx)


@consumes(QualificationEnded, group=EXCHANGE)
async def on_qualification_ended(event: CloudEvent[QualificationEnded], tx: Transaction) -> None:
    await commands.follow_end(event.data, tx)

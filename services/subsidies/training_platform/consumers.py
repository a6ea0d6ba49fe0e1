"""Courses and rosters that have changed."""

from __future__ import annotations

from services.subsidies.training_platform import commands
from shared.contracts.base import CloudEvent
from shared.contracts.subsidies import (
    EnrolmentEnded,
    EnrolmentFact,
    EnrolmentMade,
    EnrolmentMovedUp,
    ProgrammeCancelled,
    ProgrammeChecked,
    ProgrammeFact,
)
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "subsidies.training_platform"


@consumes(ProgrammeChecked, ProgrammeCancelled, group=GROUP)
async def on_programme(event: CloudEvent[ProgrammeFact], tx: Transaction) -> None:
    await commands.changed(event.data.programme_id, tx)


@consumes(EnrolmentMade, EnrolmentMovedUp, EnrolmentEnded, group=GROUP)
async def on_enrolment(event: CloudEvent[EnrolmentFact], tx: Transaction) -> None:
    await commands.changed(event.data.programme_id, tx)

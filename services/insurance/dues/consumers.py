"""Employments and contributions as this service tells of them, in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from services.insurance.dues import commands, declarations
from shared.contracts.base import CloudEvent, Fact
from shared.contracts.insurance import (
    ContributionRecorded,
    EnrolmentEnded,
    EnrolmentFact,
    EnrolmentOpened,
    EnrolmentResumed,
    EnrolmentSuspended,
)
from shared.messaging.consuming import consumes_in_bulk
from shared.storage.transaction import transact


@consumes_in_bulk(
    ContributionRecorded, EnrolmentOpened, EnrolmentEnded, EnrolmentSuspended, EnrolmentResumed, group="insurance.dues"
)
async def on_facts(events: Sequence[CloudEvent[Fact]]) -> None:
    found = {_employed(event.data) for event in events}
    # what an employer had paid may turn out to be the person's own
    own = {event.data.worker_id for event in events if isinstance(event.data, ContributionRecorded)} - found
    workers = sorted({*(worker for worker in found if worker is not None), *await commands.once_employed(own)})
    for start in range(0, len(workers), commands.AT_ONCE):
        await transact(partial(commands.follow, workers[start : start + commands.AT_ONCE]))
    paid = {one for one in (_paid(event.data) for event in events) if one is not None}
    if paid:
        await transact(partial(declarations.follow_payments, paid))


def _employed(fact: Fact) -> str | None:
    """The worker, where an employer has to do with it: it insures its employee, or has paid."""
    if isinstance(fact, ContributionRecorded):
        return fact.worker_id if fact.payer is not None else None
    return fact.worker_id if isinstance(fact, EnrolmentFact) and fact.basis in ("employer", None) else None


def _paid(fact: Fact) -> tuple[str, str] | None:
    """For which unit's month something was paid, or was not."""
    return (fact.payer, fact.month) if isinstance(fact, ContributionRecorded) and fact.payer is not None else None

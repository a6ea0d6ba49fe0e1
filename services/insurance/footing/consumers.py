"""Registry events: an engagement first changes the own copy, and then everything that rests on it, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from services.insurance.claims import commands as claims
from services.insurance.enrolment import commands as enrolment
from services.insurance.footing import commands
from services.insurance.footing.documents import Footing
from services.insurance.footing.rules import State
from services.insurance.premiums import repricing
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

GROUP = "insurance.enrolment"


STATES: dict[type[EngagementFact], State | None] = {
    EngagementBlocked: "blocked",
    EngagementActivated: "active",
    EngagementCorrected: None,
    EngagementClosed: "ended",
}
"""The state that an event says of its engagement; None where it says nothing of it."""


async def look_ahead(events: Sequence[CloudEvent[EngagementFact]], tx: Transaction) -> None:
    """Read at once what these engagements touch, and have the claims of their workers looked at again."""
    ids = [event.data.engagement_id for event in events]
    workers = [event.data.worker_id for event in events]
    await tx.load(Footing, ids)
    await enrolment.look_ahead(ids, workers, tx)
    await claims.look_again({(event.data.platform, event.data.worker_ref) for event in events}, tx)


@consumes(*STATES, group=GROUP, load=look_ahead)
async def on_engagement(event: CloudEvent[EngagementFact], tx: Transaction) -> None:
    await follow(event.data, STATES[type(event.data)], tx)


@consumes(EnterpriseRegistered, group=GROUP)
async def on_enterprise_registered(event: CloudEvent[EnterpriseRegistered], tx: Transaction) -> None:
    changed = await commands.keep_classes(event.data, event.time, tx)
    if changed is not None:
        repricing.reprice_classes(event.data.uscc, *changed, tx)


async def follow(fact: EngagementFact, state: State | None, tx: Transaction) -> None:
    kept = await commands.keep(fact, state, tx)
    if kept is None:
        return
    if kept.footing.activated or kept.was_activated:
        await enrolment.follow(kept.footing, kept.earlier_worker, tx)
    if kept.reprice:
        repricing.reprice_worker(fact.platform, fact.worker_ref, tx)

"""What follows when the registry tells of an engagement or a worker: each step in its capability, all in one transaction."""

from __future__ import annotations

import datetime as dt

from services.insurance.claims import commands as claims
from services.insurance.contributions import commands as contributions
from services.insurance.engagements import commands as engagements
from services.insurance.engagements.documents import Engagement
from services.insurance.engagements.rules import State
from services.insurance.enrolment import commands as enrolment
from services.insurance.enrolment import province_requests
from services.insurance.persons import commands as persons
from services.insurance.qualification import commands as qualification
from services.insurance.rates import commands as rates
from services.insurance.transfers import commands as transfers
from shared.contracts.registry import EngagementFact, EnterpriseRegistered, WorkerMerged, WorkerRegistered
from shared.storage.transaction import Transaction


async def load(facts: list[EngagementFact], tx: Transaction) -> None:
    """Read at once what these engagements touch, and have the claims of their workers looked at again."""
    ids = [fact.engagement_id for fact in facts]
    await tx.load(Engagement, ids)
    await enrolment.load(ids, [fact.worker_id for fact in facts], tx)
    await claims.look_again({(fact.platform, fact.worker_ref) for fact in facts}, tx)


async def follow_engagement(fact: EngagementFact, state: State | None, tx: Transaction) -> None:
    """Record an engagement; insure its person, and price their orders again."""
    recorded = await engagements.record(fact, state, tx)
    if recorded is None:
        return
    if recorded.engagement.activated or recorded.was_activated:
        await enrolment.follow(recorded.engagement, recorded.earlier_worker, tx)
    if recorded.reprice:
        rates.reprice_worker(fact.platform, fact.worker_ref, tx)


async def follow_enterprise(fact: EnterpriseRegistered, told_at: dt.datetime, tx: Transaction) -> None:
    """Record what a platform is called and its declared classes, and price its orders again."""
    if "platform" in fact.kinds:
        await engagements.record_name(fact, told_at, tx)
    changed = await engagements.record_classes(fact, told_at, tx)
    if changed is not None:
        rates.reprice_classes(fact.uscc, *changed, tx)


async def follow_person(fact: WorkerRegistered, told_at: dt.datetime, tx: Transaction) -> None:
    """Record who a worker is, and ask the province for what could not be asked before, or was asked under a wrong number."""
    change = await persons.record_person(fact, told_at, tx)
    if change == "new":
        await province_requests.send_what_waited(fact.worker_id, tx)
    elif change == "renumbered":
        await province_requests.reissue(fact.worker_id, tx)


async def follow_holder(fact: WorkerRegistered, tx: Transaction) -> None:
    """Record who bears an id number, and give them what was paid in for it before they were known."""
    holder = await persons.record_holder(fact, tx)
    if holder is not None:
        await contributions.link(*holder, tx)


async def follow_merging(fact: WorkerMerged, tx: Transaction) -> None:
    """Make what is on file of one record the other's. Nothing is published anew: every service follows the merging itself."""
    worker_id = await persons.merge(fact, tx)
    if worker_id is not None:
        await contributions.follow_merging(fact.merged_worker_id, worker_id, tx)
        await transfers.follow_merging(fact.merged_worker_id, worker_id, tx)
        await qualification.follow_merging(fact.merged_worker_id, worker_id, tx)

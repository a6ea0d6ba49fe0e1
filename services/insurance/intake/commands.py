"""What follows when an engagement, a worker or a benefit is told of: each step in its capability, all in one transaction."""

from __future__ import annotations

import datetime as dt

from services.insurance.benefits.documents import Benefit
from services.insurance.claims import commands as claims
from services.insurance.contributions import commands as contributions
from services.insurance.dependants import change_commands as dependants
from services.insurance.dues import commands as dues
from services.insurance.engagements import commands as engagements
from services.insurance.engagements.documents import Engagement
from services.insurance.engagements.rules import State
from services.insurance.enrolment import commands as enrolment
from services.insurance.enrolment import province_requests
from services.insurance.persons import commands as persons
from services.insurance.qualification import commands as qualification
from services.insurance.qualification.rules import hear_of_end
from services.insurance.rates import commands as rates
from services.insurance.recoveries import commands as recoveries
from services.insurance.transfers import commands as transfers
from shared.contracts.insurance import BenefitEnded, BenefitGranted, QualificationEnded
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
        await dues.follow([fact.merged_worker_id, worker_id], tx)
        await transfers.follow_merging(fact.merged_worker_id, worker_id, tx)
        await qualification.follow_merging(fact.merged_worker_id, worker_id, tx)


async def follow_grant(fact: BenefitGranted, granted_on: dt.date, tx: Transaction) -> None:
    """Check the entitlement of whoever draws a benefit by the month, every year."""
    benefit = await Benefit.of(fact.benefit_id, tx)
    of_kin = benefit is not None and benefit.payee is not None and not benefit.payee.is_worker
    payee = benefit.payee.opened(benefit.id)[0] if benefit and benefit.payee and of_kin else None
    await qualification.record_benefit(fact, payee, granted_on, tx)


async def follow_last_payment(fact: BenefitEnded, tx: Transaction) -> None:
    """Check nobody any more for a benefit of which nothing is to come."""
    benefit = await Benefit.of(fact.benefit_id, tx)
    if benefit is not None and benefit.over:
        await qualification.let_go(benefit.id, benefit.worker_id, tx)


async def follow_end(fact: QualificationEnded, tx: Transaction) -> None:
    """End the payment of what is not due any more, and propose to claim back what was paid beyond it."""
    for benefit_id in fact.benefits:
        benefit = await Benefit.of(benefit_id, tx)
        told = benefit is None or hear_of_end(benefit.to_kin, benefit.kin, fact.to_kin, fact.kin)
        await recoveries.end_payment(benefit_id, fact.paid_through, told, tx)
        await dependants.follow_check(benefit_id, fact.paid_through, tx)

"""What touches several capabilities: engagements, collective contracts, the merging of two records of one person, and erasure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from itertools import islice

from services.complaints.cases import commands as case_commands
from services.complaints.cases import people_commands as cases
from services.complaints.collective_contracts import commands as contracts
from services.complaints.directives import dispute_commands as directives
from services.complaints.disputes import people_commands as disputes
from services.complaints.duties import commands as duties
from services.complaints.intake import hours_commands as hours
from services.complaints.leads import commands as leads
from services.complaints.legal_aid import people_commands as legal_aid
from services.complaints.members import commands as members
from services.complaints.overtime import commands as overtime
from services.complaints.parties import commands as parties
from services.complaints.parties.account_commands import with_other_accounts, workers_of
from services.complaints.parties.documents import Engagement
from services.complaints.pay import commands as pay
from services.complaints.procedures import commands as procedures
from services.complaints.recusals import commands as recusals
from services.complaints.rest import commands as rest
from services.complaints.union_filings import commands as union_filings
from services.complaints.unpaid import commands as unpaid
from services.complaints.work_time import commands as work_time
from shared.contracts.base import CloudEvent
from shared.contracts.platform import OrderFinished, SettlementPaid
from shared.contracts.registry import CollectiveContractFact, EngagementFact, WorkerMerged
from shared.storage.transaction import Transaction, transact

RECORDED_AT_ONCE = 200
"""Engagements recorded in one transaction."""


async def follow_engagements(events: Iterable[CloudEvent[EngagementFact]]) -> None:
    """Record engagements, and check again the settlements and duties of whose they are: also where they were recorded
    before, by a process that did not come to the checks. What one reference of a person is makes a difference to their others."""
    left = iter(events)
    while some := list(islice(left, RECORDED_AT_ONCE)):
        facts = [event.data for event in some]
        await transact(partial(_record, facts))
        workers = {f"{fact.platform}|{fact.worker_ref}" for fact in facts}
        await _check_again(await with_other_accounts(workers))
        await duties.follow_engagements(some)


async def check_person(worker_id: str) -> None:
    """Check again what was reckoned of a person together with a reference that turned out to be somebody else's."""
    await _check_again(await workers_of(worker_id))


async def _check_again(workers: Collection[str]) -> None:
    await pay.check_workers(workers)
    days = await work_time.days_worked(workers)
    await overtime.look_again(days)
    await unpaid.look_at_days(days)


async def follow_orders(events: Sequence[CloudEvent[OrderFinished]]) -> None:
    """Store orders as working time, and look at the days that they touch."""
    days = await work_time.store(events)
    await rest.look(days)
    await overtime.look(days)
    await duties.look_at_work(days)


async def follow_settlements(events: Sequence[CloudEvent[SettlementPaid]]) -> None:
    """Store settlements, check them, and look whether they pay what nobody had paid."""
    await unpaid.look_at_settlements(events, await pay.store_settlements(events))


async def _record(facts: Sequence[EngagementFact], tx: Transaction) -> None:
    await tx.load(Engagement, (fact.engagement_id for fact in facts))
    for fact in facts:
        await parties.record_engagement(fact, tx)


async def follow_contract(fact: CollectiveContractFact, told_at: dt.datetime, tx: Transaction) -> None:
    """Record a collective contract, and have the settlements and the days of work that it touches checked again."""
    reach = await contracts.record_contract(fact, told_at, tx)
    if reach is not None:
        pay.recheck(reach.since, reach.until, reach.platforms, tx)
        hours.recheck(reach.since, reach.until, reach.platforms, tx)


async def merge_worker(fact: WorkerMerged, merged_at: dt.datetime, tx: Transaction) -> None:
    """Give a person's cases, leads, disputes and applications for legal aid to the record that has taken the other's place: the one
    that stands today, where that was merged too and is told first."""
    merged_worker_id = fact.merged_worker_id
    worker_id = await members.merge(fact.worker_id, merged_worker_id, merged_at, tx)
    await union_filings.merge_worker(worker_id, merged_worker_id, tx)
    await cases.merge_worker(worker_id, merged_worker_id, tx)
    await leads.merge_worker(worker_id, merged_worker_id, tx)
    await legal_aid.merge_worker(worker_id, merged_worker_id, tx)
    await disputes.merge_worker(worker_id, merged_worker_id, tx)
    both = await procedures.merge_worker(worker_id, merged_worker_id, tx)
    await case_commands.give_way(both, "registry", tx)
    await directives.give_way(both, tx)
    await recusals.merge_worker(worker_id, merged_worker_id, tx)


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """Remove what identifies a person from their cases, leads, disputes, applications for legal aid and requests, with what unions
    told of them."""
    await parties.erase_worker(worker_id, tx)
    await cases.erase_worker(worker_id, tx)
    await leads.erase_worker(worker_id, tx)
    await disputes.erase_worker(worker_id, tx)
    await procedures.erase_worker(worker_id, tx)
    await legal_aid.erase_worker(worker_id, tx)
    await members.erase(worker_id, tx)
    await union_filings.erase_worker(worker_id, tx)
    await recusals.erase_worker(worker_id, tx)

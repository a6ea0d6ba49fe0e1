"""Engagements begin, are corrected and end, and are blocked until safety training is on file.

Whatever becomes known: the person's state is loaded, `rules.decide` says what becomes of it, and `_settle` stores that.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from services.registry.agreements import commands as agreements
from services.registry.contract_terms import commands as contract_terms
from services.registry.courses import commands as courses
from services.registry.courses.commands import Pass
from services.registry.courses.documents import ReportedCourse
from services.registry.dispatch_share import commands as dispatch_share
from services.registry.employment import commands as employment
from services.registry.engagements.documents import DECLARED, Account, DecidedFooting, DeclaredTraining, Engagement
from services.registry.engagements.events import event_of
from services.registry.engagements.paper_documents import Paper
from services.registry.engagements.rules import End, supersedes
from services.registry.intake import rules
from services.registry.intake.person import PersonOnFile
from services.registry.intake.rules import Change, Outcome
from services.registry.safety import commands as safety
from services.registry.sealing import unseal
from services.registry.workers import erasure
from services.registry.workers.commands import Person, register
from services.registry.workers.documents import Worker
from shared import clock
from shared.contracts.platform import EngagementEnded, EngagementStarted, TrainingCompleted
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction

REASSESSED_AT_ONCE = 50
"""Persons of one transaction, where many are looked at again."""


async def start(platform: str, said: EngagementStarted, said_at: dt.datetime, tx: Transaction) -> None:
    """Record a platform's word that a person begins to work; said again with other facts, the latest word holds."""
    account = await account_of(platform, said.worker_ref, tx)
    is_new = account.revision == 0  # whatever concerns an account stores it, so that it has no engagement either
    await account.put(tx)
    person = Person(unseal(said.id_number), unseal(said.name), unseal(said.phone))
    worker = await register(person, platform, said_at, tx, stands_for=account.stands_for(person.id_number))
    key = {"platform": platform, "worker_ref": said.worker_ref, "started_on": said.started_on}
    # one mapping: Beanie joins several conditions by $and, for which the embedded database uses no index
    known = None if is_new else await tx.find_one(Engagement, key)
    declared = {**_declared(said), "worker_id": worker.id, "declared_at": said_at}
    engagement = known or Engagement(**key, **declared)
    engagement.note_training(declared["safety_training"], shanghai_date(clock.now()))
    if known is None:
        await _begin(engagement, account, worker, said_at, tx)
    elif supersedes(said_at, known.declared_at):
        await _correct(known, declared, said_at, tx)
    elif said.safety_training is not None:
        on_file = await PersonOnFile.load(known.worker_id, tx)
        await _settle(on_file, Change({known.id: known.ended_on}), said_at, tx)


async def _begin(engagement: Engagement, account: Account, worker: Worker, at: dt.datetime, tx: Transaction) -> None:
    engagement.set_footing(engagement.relation)
    end = account.end_of(engagement.started_on)
    engagement.note_end(end)
    on_file = await PersonOnFile.load(
        worker.id, tx, begun=engagement, trained=account.trained is not False, is_new=worker.revision == 1
    )
    await _settle(on_file, Change({engagement.id: end.ended_on if end else None}, others=True), at, tx)


async def _correct(engagement: Engagement, declared: dict[str, Any], at: dt.datetime, tx: Transaction) -> None:
    before, earlier_person, paper = engagement.declared(), engagement.worker_id, engagement.agreement
    engagement.changed(declared).set_footing(declared["relation"])
    engagement.keep_renewed(paper)
    moved = engagement.worker_id != earlier_person  # the id number was wrong: both persons have other trainings now
    on_file = await PersonOnFile.load(engagement.worker_id, tx, moved=engagement)
    corrected = engagement.declared() != before
    await _settle(on_file, Change({engagement.id: engagement.ended_on}, corrected=corrected, others=moved), at, tx)
    if moved:
        await reassess(earlier_person, at, tx)


async def end(platform: str, said: EngagementEnded, said_at: dt.datetime, tx: Transaction) -> None:
    """Record a platform's word that a person's work ended: every engagement begun by then ends, those yet to come too."""
    account = await account_of(platform, said.worker_ref, tx)
    reason = unseal(said.for_registry) if said.for_registry else said.reason
    account.record_end(End(said.ended_on, said_at, reason))
    await account.put(tx)
    await settle_ends(account, said_at, tx)


async def settle_ends(account: Account, at: dt.datetime, tx: Transaction) -> None:
    """Let every engagement of an account end where its ends say; one whose end is withdrawn stands as the gate says."""
    last_days: dict[str, dict[str, dt.date | None]] = {}
    for engagement in await _of_account(account, tx):
        end = account.end_of(engagement.started_on)
        ended_on = end.ended_on if end else None
        if ended_on != engagement.ended_on:
            engagement.note_end(end)
            last_days.setdefault(engagement.worker_id, {})[engagement.id] = ended_on
    for worker_id in sorted(last_days):
        on_file = await PersonOnFile.load(worker_id, tx)
        await _settle(on_file, Change(last_days[worker_id]), at, tx)


async def decide_footing(engagement: Engagement, decision: DecidedFooting, at: dt.datetime, tx: Transaction) -> None:
    """Give an engagement the footing that an officer decided, from its day on."""
    before = engagement.declared()
    engagement.decided = [*engagement.decided, decision]
    engagement.set_footing(engagement.history[0][1])
    on_file = await PersonOnFile.load(engagement.worker_id, tx)
    corrected = engagement.declared() != before
    await _settle(on_file, Change({engagement.id: engagement.ended_on}, corrected=corrected), at, tx)


async def complete_training(platform: str, said: TrainingCompleted, said_at: dt.datetime, tx: Transaction) -> None:
    """Record a completed training, and let the person work, on every platform, where it counts as safety training."""
    account = await account_of(platform, said.worker_ref, tx)
    account.trained = True
    await account.put(tx)
    await safety.record(platform, said, said_at, tx)
    for worker_id in sorted({engagement.worker_id for engagement in await _of_account(account, tx)}):
        await reassess(worker_id, said_at, tx)


async def reassess(worker_id: str, at: dt.datetime, tx: Transaction) -> None:
    """Decide anew whether a person may work, on every platform. Stores the person, for the reason given in `register`."""
    worker = await Worker.of(worker_id, tx)
    if worker is not None:
        await worker.put(tx)
    on_file = await PersonOnFile.load(worker_id, tx)
    for merged_id in worker.aliases if worker else []:
        await employment.take_over(merged_id, worker_id, tx)
    await _settle(on_file, Change(others=True), at, tx)


async def look_at_course(course_id: str, done: Pass, tx: Transaction) -> None:
    """Decide anew whether those who have a course may work, some at once, after an officer has decided of it."""
    course = await ReportedCourse.of(course_id, tx)
    if course is None:
        return
    if done.decisions != len(course.decisions):
        done = Pass(decisions=len(course.decisions))  # another decision came meanwhile: those before hear of it too
    holders = await safety.holders_of(course.platform, course.course, tx)
    some = [worker_id for worker_id in sorted(holders) if worker_id > done.after][:REASSESSED_AT_ONCE]
    for worker_id in some:
        await reassess(worker_id, clock.now(), tx)
    courses.go_on(course_id, done, some[-1] if len(some) == REASSESSED_AT_ONCE else None, tx)


async def _settle(on_file: PersonOnFile, change: Change, at: dt.datetime, tx: Transaction) -> None:
    """Store what a change does to a person's engagements, and to what rests on them."""
    decision = rules.decide(on_file.state, change, shanghai_date(clock.now()), parameters)
    for outcome in decision.outcomes:
        await _apply(on_file.engagements[outcome.engagement_id], outcome, at, tx)
    engagements = list(on_file.engagements.values())
    if any(outcome.stored and outcome.after.ended_on is not None for outcome in decision.outcomes):
        await erasure.look(on_file.worker_id, tx, [one.ended_on for one in engagements])
    await employment.follow(on_file.worker_id, engagements, on_file.trainings, tx, is_new=on_file.is_new)


async def _apply(engagement: Engagement, outcome: Outcome, at: dt.datetime, tx: Transaction) -> None:
    engagement.gate_rests_on = list(outcome.gate.used)
    if outcome.after.ended_on is None:
        safety.watch(engagement.id, outcome.gate, tx)
    if not outcome.stored:
        return
    after = outcome.after
    engagement.state, engagement.ended_on, engagement.worked = after.state, after.ended_on, after.has_worked
    engagement.trained_on = outcome.trained_on or engagement.trained_on
    for kind in outcome.facts:
        engagement.version += 1
        tx.publish(event_of(engagement, kind, at, outcome.trained_on))
    agreements.follow(engagement, tx)
    await contract_terms.examine(engagement, tx)
    if engagement.dispatched:
        await dispatch_share.watch(engagement.platform, tx)
    await engagement.put(tx)


def _declared(said: EngagementStarted) -> dict[str, Any]:
    declared = {name: getattr(said, name) for name in DECLARED}
    paper, training = said.agreement, said.safety_training
    declared["agreement"] = paper and Paper(**msgspec.structs.asdict(paper))
    declared["safety_training"] = training and DeclaredTraining(**msgspec.structs.asdict(training))
    return declared


async def account_of(platform: str, worker_ref: str, tx: Transaction) -> Account:
    """What is known of a person as one platform knows them; new where nothing is."""
    account_id = Account.key(platform, worker_ref)
    return await Account.of(account_id, tx) or Account(id=account_id, trained=False)


async def _of_account(account: Account, tx: Transaction) -> list[Engagement]:
    platform, _, worker_ref = account.id.partition(":")
    return await tx.find(Engagement, {"platform": platform, "worker_ref": worker_ref})

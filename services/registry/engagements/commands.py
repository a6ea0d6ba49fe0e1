"""Engagements begin, are corrected, end, and are blocked until safety training is on file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec

from services.registry.agreements import commands as agreements
from services.registry.employment import commands as employment
from services.registry.engagements import rules
from services.registry.engagements.documents import (
    DECLARED,
    Account,
    DecidedFooting,
    DeclaredTraining,
    Engagement,
    Paper,
)
from services.registry.engagements.telling import fact_of
from services.registry.gateway.sealing import unseal
from services.registry.safety import commands as safety
from services.registry.safety.rules import Training
from services.registry.workers import erasure
from services.registry.workers.commands import Person, register
from services.registry.workers.documents import Worker
from shared.contracts.platform import EngagementEnded, EngagementStarted, TrainingCompleted
from shared.storage.transaction import Transaction


async def start(platform: str, told: EngagementStarted, told_at: dt.datetime, tx: Transaction) -> None:
    """Take a platform's word that a person begins to work; said again with other facts, the latest word holds."""
    account = await account_of(platform, told.worker_ref, tx)
    unheard_of = (
        account.revision == 0
    )  # whatever concerns an account stores it, so that there is nothing else of this one
    await account.put(tx)
    person = Person(unseal(told.id_number), unseal(told.name), unseal(told.phone))
    worker = await register(person, platform, told_at, tx, stands_for=account.stands_for(person.id_number))
    key = {"platform": platform, "worker_ref": told.worker_ref, "started_on": told.started_on}
    # one mapping: Beanie joins several conditions by $and, for which the embedded database uses no index
    kept = None if unheard_of else await tx.find_one(Engagement, key)
    declared = {**_declared(told), "worker_id": worker.id, "declared_at": told_at}
    engagement = kept or Engagement(**key, **declared)
    engagement.note_training(declared["safety_training"])
    if kept is None:
        await _begin(engagement, account, worker, told_at, tx)
    elif rules.supersedes(told_at, kept.declared_at):
        await _correct(kept, declared, worker.id, told_at, tx)
    elif told.safety_training is not None:
        await kept.put(tx)
        await _look_again([kept], await safety.trainings_of_person(kept.worker_id, tx), told_at, tx)


async def _begin(engagement: Engagement, account: Account, worker: Worker, at: dt.datetime, tx: Transaction) -> None:
    engagement.set_footing(engagement.relation)
    end = account.end_of(engagement.started_on)
    is_new = worker.revision == 1
    mates = [] if is_new else await _of_person(engagement.worker_id, tx)
    if sum(mate.platform == engagement.platform for mate in mates) >= rules.MOST_ENGAGEMENTS:
        raise rules.TooMany(f"more than {rules.MOST_ENGAGEMENTS} engagements of one person through one platform")
    accounts = {mate.account for mate in mates} | (set() if account.trained is False else {engagement.account})
    trainings = await safety.trainings_of(accounts, tx)
    after = _standing(engagement, end.ended_on if end else None, trainings, tx)
    engagement.note_end(end)
    await _stand(engagement, None, after, at, tx)
    await _look_again(mates, trainings, at, tx)
    if mates or employment.counts(engagement, trainings):
        await employment.follow(engagement.worker_id, [*mates, engagement], trainings, tx, is_new=is_new)


async def _correct(
    engagement: Engagement, declared: dict[str, Any], person: str, at: dt.datetime, tx: Transaction
) -> None:
    before, facts, earlier_person = engagement.standing, engagement.declared(), engagement.worker_id
    for name, value in declared.items():
        setattr(engagement, name, value)
    engagement.set_footing(declared["relation"])
    mates = [mate for mate in await _of_person(person, tx) if mate.id != engagement.id]
    trainings = await safety.trainings_of({mate.account for mate in [*mates, engagement]}, tx)
    after = _standing(engagement, before.ended_on, trainings, tx)
    await _stand(engagement, before, after, at, tx, corrected=engagement.declared() != facts)
    if person != earlier_person:  # the id number was wrong: both persons' trainings are other ones now
        await _look_again(mates, trainings, at, tx)
        await look_again_at(earlier_person, at, tx)
    await employment.follow(person, [*mates, engagement], trainings, tx)


async def end(platform: str, told: EngagementEnded, told_at: dt.datetime, tx: Transaction) -> None:
    """Take a platform's word that a person's work ended: every engagement begun by then ends, those yet to come too."""
    account = await account_of(platform, told.worker_ref, tx)
    reason = unseal(told.for_registry) if told.for_registry else told.reason
    account.take_end(rules.End(told.ended_on, told_at, reason))
    await account.put(tx)
    await work_out_ends(account, told_at, tx)


async def work_out_ends(account: Account, at: dt.datetime, tx: Transaction) -> None:
    """Let every engagement of an account end where its ends say; one whose end is withdrawn stands as the gate says."""
    persons: set[str] = set()
    for engagement in await _of_account(account, tx):
        before, last = engagement.standing, account.end_of(engagement.started_on)
        ended_on = last.ended_on if last else None
        if ended_on == before.ended_on:
            continue
        told_enough = ended_on is not None and safety.was_open(engagement, (), ended_on)
        trainings = set() if told_enough else await safety.trainings_of_person(engagement.worker_id, tx)
        after = _standing(engagement, ended_on, trainings, tx)
        engagement.note_end(last)
        await _stand(engagement, before, after, at, tx)
        persons.add(engagement.worker_id)
    for person in sorted(persons):
        await _follow_employment(person, tx)


async def decide_footing(engagement: Engagement, decision: DecidedFooting, at: dt.datetime, tx: Transaction) -> None:
    """Give an engagement the footing that an officer decided, from its day on."""
    standing, facts = engagement.standing, engagement.declared()
    engagement.decided = [*engagement.decided, decision]
    engagement.set_footing(engagement.history[0][1])
    await _stand(engagement, standing, standing, at, tx, corrected=engagement.declared() != facts)
    await _follow_employment(engagement.worker_id, tx)


async def train(platform: str, told: TrainingCompleted, told_at: dt.datetime, tx: Transaction) -> None:
    """Take a completed training down, and let the person work, on every platform, where it counts as safety training."""
    account = await account_of(platform, told.worker_ref, tx)
    account.trained = True
    await account.put(tx)
    await safety.record(platform, told, told_at, tx)
    for person in sorted({engagement.worker_id for engagement in await _of_account(account, tx)}):
        await look_again_at(person, told_at, tx)


async def look_again_at(worker_id: str, at: dt.datetime, tx: Transaction) -> None:
    """Decide anew whether a person may work, on every platform. Stores the person, for the reason given in `register`."""
    worker = await Worker.of(worker_id, tx)
    if worker is not None:
        await worker.put(tx)
    engagements = await _of_person(worker_id, tx)
    trainings = await safety.trainings_of({engagement.account for engagement in engagements}, tx)
    await _look_again(engagements, trainings, at, tx)
    for merged_id in worker.aliases if worker else []:
        await employment.take_over(merged_id, worker_id, tx)
    await employment.follow(worker_id, engagements, trainings, tx)


async def _follow_employment(worker_id: str, tx: Transaction) -> None:
    engagements = await _of_person(worker_id, tx)
    trainings = await safety.trainings_of({engagement.account for engagement in engagements}, tx)
    await employment.follow(worker_id, engagements, trainings, tx)


async def _look_again(
    engagements: Iterable[Engagement], trainings: set[Training], at: dt.datetime, tx: Transaction
) -> None:
    for engagement in engagements:
        before = engagement.standing
        after = _standing(engagement, before.ended_on, trainings, tx)
        if after != before:
            await _stand(engagement, before, after, at, tx)


def _standing(
    engagement: Engagement, ended_on: dt.date | None, trainings: set[Training], tx: Transaction
) -> rules.Standing:
    may_work = _may_work(engagement, trainings, ended_on, tx) and ended_on is None
    return rules.Standing(may_work, ended_on, may_work or safety.was_open(engagement, trainings, ended_on))


def _may_work(engagement: Engagement, trainings: set[Training], ended_on: dt.date | None, tx: Transaction) -> bool:
    decided = safety.gate_of(engagement, trainings, ended_on)
    if ended_on is None:
        safety.watch(engagement.id, decided, tx)
    engagement.gate_rests_on = list(decided.used)
    return decided.open


async def _stand(
    engagement: Engagement,
    before: rules.Standing | None,
    after: rules.Standing,
    at: dt.datetime,
    tx: Transaction,
    *,
    corrected: bool = False,
) -> None:
    engagement.state, engagement.ended_on, engagement.worked = after.state, after.ended_on, after.has_worked
    for news in rules.news(before, after, corrected=corrected):
        engagement.version += 1
        tx.tell(fact_of(engagement, news, at))
    agreements.follow(engagement, tx)
    await engagement.put(tx)
    if engagement.ended_on is not None:
        await erasure.look(engagement.worker_id, tx)


def _declared(told: EngagementStarted) -> dict[str, Any]:
    declared = {name: getattr(told, name) for name in DECLARED}
    paper, training = told.agreement, told.safety_training
    declared["agreement"] = paper and Paper(**msgspec.structs.asdict(paper))
    declared["safety_training"] = training and DeclaredTraining(**msgspec.structs.asdict(training))
    return declared


async def account_of(platform: str, worker_ref: str, tx: Transaction) -> Account:
    """What is kept of a person as one platform knows them; new where nothing is."""
    account_id = Account.key(platform, worker_ref)
    return await Account.of(account_id, tx) or Account(id=account_id, trained=False)


async def _of_account(account: Account, tx: Transaction) -> list[Engagement]:
    platform, _, worker_ref = account.id.partition(":")
    wanted = {"platform": platform, "worker_ref": worker_ref}
    return await tx.find(Engagement, wanted)


async def _of_person(worker_id: str, tx: Transaction) -> list[Engagement]:
    return await tx.find(Engagement, {"worker_id": worker_id})

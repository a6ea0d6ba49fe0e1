"""Engagements begin, are corrected, end, and are blocked until safety training is on file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec

from services.registry.engagements import rules
from services.registry.engagements.documents import DECLARED, Account, DeclaredTraining, EndTold, Engagement, Paper
from services.registry.engagements.telling import fact_of
from services.registry.gateway.sealing import unseal
from services.registry.safety import commands as safety
from services.registry.safety.rules import gate
from services.registry.workers.commands import Person, register
from services.registry.workers.documents import Worker
from shared.contracts.platform import EngagementEnded, EngagementStarted, TrainingCompleted
from shared.policy.calendar import SHANGHAI
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction


async def start(platform: str, told: EngagementStarted, told_at: dt.datetime, tx: Transaction) -> None:
    """Take a platform's word that a person begins to work; said again with other facts, the latest word holds."""
    account = await _account(platform, told.worker_ref, tx)
    await account.put(tx)
    worker = await register(Person(unseal(told.id_number), unseal(told.name), unseal(told.phone)), told_at, tx)
    key = {"platform": platform, "worker_ref": told.worker_ref, "started_on": told.started_on}
    # one mapping: Beanie joins several conditions by $and, for which the embedded database uses no index
    kept = await Engagement.find_one(key, session=tx.session)
    declared = {**_declared(told), "worker_id": worker.id, "declared_at": told_at}
    if kept is None:
        await _begin(Engagement(**key, **declared), account, told_at, tx)
    elif rules.supersedes(told_at, kept.declared_at):
        await _correct(kept, declared, worker.id, told_at, tx)


async def _begin(engagement: Engagement, account: Account, at: dt.datetime, tx: Transaction) -> None:
    end = rules.end_of(engagement.started_on, _ends(account))
    mates = await _of_person(engagement.worker_id, tx)
    courses = await safety.courses_of({mate.account for mate in [*mates, engagement]}, tx)
    after = rules.Standing(_may_work(engagement, courses), end.ended_on if end else None)
    engagement.end_reason = end.reason if end else None
    await _stand(engagement, None, after, at, tx)
    await _look_again(mates, courses, at, tx)


async def _correct(
    engagement: Engagement, declared: dict[str, Any], person: str, at: dt.datetime, tx: Transaction
) -> None:
    before, facts, earlier_person = _standing(engagement), engagement.declared(), engagement.worker_id
    for name, value in declared.items():
        setattr(engagement, name, value)
    mates = [mate for mate in await _of_person(person, tx) if mate.id != engagement.id]
    courses = await safety.courses_of({mate.account for mate in [*mates, engagement]}, tx)
    after = rules.Standing(_may_work(engagement, courses), before.ended_on)
    await _stand(engagement, before, after, at, tx, corrected=engagement.declared() != facts)
    if person != earlier_person:  # the id number was wrong: both persons' trainings are other ones now
        await _look_again(mates, courses, at, tx)
        await _look_again_at(earlier_person, at, tx)


async def end(platform: str, told: EngagementEnded, told_at: dt.datetime, tx: Transaction) -> None:
    """Take a platform's word that a person's work ended: every engagement begun by then ends, those yet to come too."""
    account = await _account(platform, told.worker_ref, tx)
    fresh = EndTold(ended_on=told.ended_on, reason=told.reason, told_at=told_at)
    if fresh not in account.ends:
        account.ends = [*account.ends, fresh]
    await account.put(tx)
    for engagement in await _of_account(platform, told.worker_ref, tx):
        before = _standing(engagement)
        last = rules.end_of(engagement.started_on, _ends(account))
        if last is not None and last.ended_on != before.ended_on:
            engagement.end_reason = last.reason
            await _stand(engagement, before, rules.Standing(before.may_work, last.ended_on), told_at, tx)


async def train(platform: str, told: TrainingCompleted, told_at: dt.datetime, tx: Transaction) -> None:
    """Take a completed training down, and let the person work, on every platform, where it counts as safety training."""
    account = await _account(platform, told.worker_ref, tx)
    await account.put(tx)
    await safety.record(platform, told, told_at, tx)
    for person in sorted({engagement.worker_id for engagement in await _of_account(platform, told.worker_ref, tx)}):
        await _look_again_at(person, told_at, tx)


async def _look_again_at(worker_id: str, at: dt.datetime, tx: Transaction) -> None:
    """Decide anew whether a person may work, on every platform. Stores the person, for the reason given in `register`."""
    worker = await Worker.of(worker_id, tx)
    if worker is not None:
        await worker.put(tx)
    engagements = await _of_person(worker_id, tx)
    courses = await safety.courses_of({engagement.account for engagement in engagements}, tx)
    await _look_again(engagements, courses, at, tx)


async def _look_again(engagements: Iterable[Engagement], courses: set[str], at: dt.datetime, tx: Transaction) -> None:
    for engagement in engagements:
        before = _standing(engagement)
        if before.ended_on is None:
            after = rules.Standing(_may_work(engagement, courses), None)
            if after != before:
                await _stand(engagement, before, after, at, tx)


def _may_work(engagement: Engagement, courses: set[str]) -> bool:
    # the law of the day on which work begins, and not of one before the platform said so
    day = max(engagement.started_on, engagement.declared_at.astimezone(SHANGHAI).date())
    law = parameters.on(day, place=engagement.district, industry=engagement.industry, platform=engagement.platform)
    decided = gate(law, engagement.safety_training is not None, courses)
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
    engagement.state, engagement.ended_on = after.state, after.ended_on
    for news in rules.news(before, after, corrected=corrected):
        engagement.version += 1
        tx.tell(fact_of(engagement, news, at))
    await engagement.put(tx)


def _standing(engagement: Engagement) -> rules.Standing:
    return rules.Standing(engagement.state == "active", engagement.ended_on)


def _declared(told: EngagementStarted) -> dict[str, Any]:
    declared = {name: getattr(told, name) for name in DECLARED}
    paper, training = told.agreement, told.safety_training
    declared["agreement"] = paper and Paper(**msgspec.structs.asdict(paper))
    declared["safety_training"] = training and DeclaredTraining(**msgspec.structs.asdict(training))
    return declared


def _ends(account: Account) -> list[rules.End]:
    return [rules.End(end.ended_on, end.told_at, end.reason) for end in account.ends]


async def _account(platform: str, worker_ref: str, tx: Transaction) -> Account:
    account_id = f"{platform}:{worker_ref}"
    return await Account.of(account_id, tx) or Account(id=account_id)


async def _of_account(platform: str, worker_ref: str, tx: Transaction) -> list[Engagement]:
    account = {"platform": platform, "worker_ref": worker_ref}
    return await Engagement.find(account, session=tx.session).to_list()


async def _of_person(worker_id: str, tx: Transaction) -> list[Engagement]:
    return await Engagement.find(Engagement.worker_id == worker_id, session=tx.session).to_list()

"""Record who platforms' workers are, and what they are called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from services.subsidies.trainees.documents import Person, Trainee
from shared.contracts.registry import EngagementFact
from shared.storage.records import find
from shared.storage.transaction import IDS_AT_ONCE, Transaction


async def record_engagement(engagement: EngagementFact, tx: Transaction) -> bool:
    """Record who a platform's worker is, unless a later event was recorded; whether something may have waited for that."""
    trainee = await Trainee.named(engagement.platform, engagement.worker_ref, tx)
    if not _is_newer(engagement, trainee):
        return False
    waited = trainee.revision > 0  # a training that waits has stored its trainee
    trainee.worker_id, trainee.engagement_id = await current(engagement.worker_id, tx), engagement.engagement_id
    trainee.district = engagement.district
    trainee.version, trainee.happened_at = engagement.version, engagement.happened_at
    await trainee.put(tx)
    return waited


async def record_name(worker_id: str, name: str | None, told_at: dt.datetime, tx: Transaction) -> None:
    """Record what a person is called, unless a later event was recorded. Events from before the upgrade tell no name."""
    person = await Person.of(worker_id, tx) or Person(id=worker_id)
    if person.merged_into is not None or (person.told_at is not None and person.told_at >= told_at):
        return
    if name is not None:
        person.call(name)
    person.told_at = told_at
    await person.put(tx)


async def merge(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Let one record take another's place, and what the other was called be forgotten."""
    merged = await Person.of(merged_worker_id, tx) or Person(id=merged_worker_id)
    merged.call(None)
    merged.merged_into = worker_id
    await merged.put(tx)
    for trainee in await tx.find(Trainee, {"worker_id": merged_worker_id}):
        trainee.worker_id = worker_id
        await trainee.put(tx)


async def erase(worker_id: str, tx: Transaction) -> None:
    """Forget what a person is called."""
    person = await Person.of(worker_id, tx)
    if person is not None:
        person.call(None)
        await person.put(tx)


async def current(worker_id: str, tx: Transaction) -> str:
    """The record of a person that holds today, where theirs was merged into another."""
    for _ in range(10):
        person = await Person.of(worker_id, tx)
        if person is None or person.merged_into is None:
            break
        worker_id = person.merged_into
    return worker_id


async def names_of(worker_ids: Collection[str]) -> dict[str, str | None]:
    """What these persons are called, in clear; those of whom the registry has told nothing are not among them."""
    found: dict[str, str | None] = {}
    wanted = sorted(set(worker_ids))
    for start in range(0, len(wanted), IDS_AT_ONCE):
        persons = await find(Person, {"_id": {"$in": wanted[start : start + IDS_AT_ONCE]}})
        found |= {one.id: one.clear_name for one in persons}
    return found


async def is_known(worker_id: str, tx: Transaction) -> bool:
    """Whether the registry has told of that person."""
    return await Person.of(worker_id, tx) is not None or bool(await tx.find(Trainee, {"worker_id": worker_id}, limit=1))


def _is_newer(engagement: EngagementFact, trainee: Trainee) -> bool:
    if trainee.engagement_id == engagement.engagement_id:
        return engagement.version > trainee.version
    return trainee.happened_at is None or engagement.happened_at > trainee.happened_at

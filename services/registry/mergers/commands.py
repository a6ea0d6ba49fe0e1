"""Correct a wrong id number, and make two records of one person one.

What was said of the record that goes stays with its engagements, which move; everything else that names it is moved by
whoever stores it, here and in the other services, when they hear of the merger.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from services.registry.engagements.documents import Engagement
from services.registry.engagements.events import event_of
from services.registry.intake.commands import reassess
from services.registry.workers.commands import Person, bearer_of, blank, identify, person_of, registered, take_over
from services.registry.workers.documents import Worker
from services.registry.workers.erasure import accounts_of
from shared import clock
from shared.callers import Caller
from shared.contracts.registry import WorkerMerged
from shared.errors import Conflict
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction

Cause = Literal["wrong_number", "same_person"]


async def correct_id_number(worker: Worker, id_number: str, reason: str, officer: Caller, tx: Transaction) -> Worker:
    """Give a person their right id number; where another record has it, that one takes this one's place.

    The platforms that declared the wrong number go on meaning this person by it; to anybody else it is free.
    """
    before = person_of(worker)
    if before.id_number == id_number:
        return worker
    await write_down("worker.id_number_corrected", worker.id, officer, tx, reason)
    standing = await bearer_of(id_number, tx)
    accounts = await accounts_of(worker.id, tx)
    for account in accounts:
        account.means(before.id_number, worker.id if standing is None else standing.id)
        await account.put(tx)
    if standing is not None and standing.id != worker.id:
        return await merge(standing, worker, "wrong_number", tx)
    await identify(worker, id_number, tx)
    tx.publish(registered(worker.id, Person(id_number, before.name, before.phone)))
    return await worker.put(tx)


async def merge(kept: Worker, merged: Worker, cause: Cause, tx: Transaction) -> Worker:
    """Let one record take another's place: its engagements move, what was said of name and phone counts for the one that
    stays (`rules.in_force`), and every service hears of it.

    `same_person`: the other's id number is the person's too (a residence permit's beside a card's) and finds this record
    from now on. `wrong_number`: it is nobody's. Raises Conflict where they are one already, or one of them is gone.
    """
    if kept.id == merged.id or "erased" in (kept.keeping, merged.keeping) or kept.merged_into or merged.merged_into:
        raise Conflict("one-record-already", "两条记录已是同一人", "the two records are one already")
    for alias_id in merged.aliases:
        alias = await Worker.of(alias_id, tx)
        if alias is not None:
            alias.merged_into = kept.id
            await alias.put(tx)
    before = person_of(kept)
    take_over(kept, merged)
    kept.aliases = sorted({*kept.aliases, *merged.aliases, merged.id})
    merged.merged_into, merged.aliases = kept.id, []
    if cause == "wrong_number":
        await blank(merged, tx)
    await merged.put(tx)
    await kept.put(tx)
    tx.publish(WorkerMerged(worker_id=kept.id, merged_worker_id=merged.id))
    after = person_of(kept)
    if after != before:
        tx.publish(registered(kept.id, after))
    await _move_engagements(merged.id, kept.id, clock.now(), tx)
    return kept


async def _move_engagements(from_id: str, to_id: str, at: dt.datetime, tx: Transaction) -> None:
    for engagement in await tx.find(Engagement, {"worker_id": from_id}):
        engagement.worker_id = to_id
        engagement.version += 1
        await engagement.put(tx)
        tx.publish(event_of(engagement, "corrected", at))
    await reassess(to_id, at, tx)

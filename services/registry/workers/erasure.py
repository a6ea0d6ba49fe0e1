"""Erasing a person's data: on request, or when nothing demands any more that it is kept (个人信息保护法 art. 47).

What keeps it: engagements, for the term of pay records after the last one, and the person's matters in every service, for as
long as their outcome can be contested (`grounds`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.registry.engagements.documents import Account, Engagement
from services.registry.grounds import commands as grounds
from services.registry.workers import rules
from services.registry.workers.commands import blank
from services.registry.workers.documents import Worker
from services.registry.workers.rules import Kept
from shared import clock
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerErased
from shared.policy import calendar
from shared.policy.parameters import Law, Used, parameters
from shared.storage.kinds import TimerKind
from shared.storage.records import find
from shared.storage.transaction import Transaction

ERASURE = TimerKind("registry.erasure")


async def ask(worker: Worker, tx: Transaction) -> dt.date | None:
    """Take a request for erasure, and carry it out at once where nothing keeps the record.

    The first day on which it is carried out; None while an engagement runs or a matter is open: that day is known when the last
    one has ended. Raises Conflict where it was asked for before.
    """
    worker.keeping = rules.ask(worker.keeping)
    await worker.put(tx)
    return await _look(worker, await _last_days(worker.id, tx), tx, at_once=True)


async def load(events: Sequence[CloudEvent[Any]], tx: Transaction) -> None:
    """Read what `follow` asks for of these events at once."""
    await grounds.load(events, tx)
    named = [event.data.worker_id for event in events]
    await tx.load(Worker, [worker_id for worker_id in named if worker_id is not None])


async def follow(event: CloudEvent[Any], tx: Transaction) -> None:
    """Record what an event opens or closes of a person's matters, and look whether their record is still kept.

    A matter that opens keeps what nobody has asked to erase: there is nothing to look at. What comes of somebody who was erased
    keeps nothing any more, and is not kept itself.
    """
    for worker_id, ended in (await grounds.follow(event, tx)).items():
        worker = await Worker.of(worker_id, tx)
        while worker is not None and worker.merged_into is not None:
            worker = await Worker.of(worker.merged_into, tx)
        if worker is not None and worker.keeping == "erased":
            await grounds.forget([worker_id], tx)
        elif worker is not None:
            await worker.put(tx)  # so that a matter that opens and an erasure at one moment do not overlook each other
            if ended or worker.keeping != "kept":
                await _look(worker, await _last_days(worker.id, tx), tx, at_once=worker.keeping == "asked")


async def withdraw(worker: Worker, tx: Transaction) -> None:
    """Take a request back; raises Conflict where there is none."""
    worker.keeping = rules.withdraw(worker.keeping)
    await worker.put(tx)


async def look(worker_id: str, tx: Transaction, last_days: Sequence[dt.date | None] | None = None) -> None:
    """Erase a person's data where its day has come, or else set the timer for that day.

    `last_days`: those of all engagements of the person, as something told now makes them; None where the day itself has come.
    """
    worker = await Worker.of(worker_id, tx)
    if worker is not None and worker.keeping != "erased" and worker.merged_into is None:
        at_once = last_days is None or worker.keeping == "asked"
        if last_days is None:
            last_days = await _last_days(worker_id, tx)
        await _look(worker, last_days, tx, at_once=at_once)


async def grounds_of(worker: Worker, tx: Transaction | None = None) -> tuple[list[Kept], list[Used]]:
    """Everything that keeps a person's record today, the earliest first, with the parameters that its ends rest on.

    Where nothing does and the person has not asked for erasure, the time stands among them for which it is kept all the same.
    """
    engagements = await find(Engagement, {"worker_id": worker.id}, tx)
    first = min((one.started_on for one in engagements), default=None)
    today = calendar.shanghai_date(clock.now())
    law = parameters.on(today)
    found = await _keeping(worker, [one.ended_on for one in engagements], first, law, tx)
    kept = [one for one in found if one.until is None or one.until >= today]
    if not kept and worker.keeping == "kept":
        rules.heard_late(law)
    return kept, list(law.used)


async def _keeping(
    worker: Worker, last_days: Sequence[dt.date | None], first: dt.date | None, law: Law, tx: Transaction | None
) -> list[Kept]:
    matters = [
        Kept(one.kind, one.title, one.since, rules.matter_kept_until(one.closed_on, law))
        for one in await grounds.of([worker.id, *worker.aliases], tx)
    ]
    if not last_days:
        return matters
    work = Kept("engagement", "用工关系（工资台账）", first or dt.date.min, rules.work_kept_until(last_days, law))
    return [work, *matters]


async def _look(
    worker: Worker, last_days: Sequence[dt.date | None], tx: Transaction, *, at_once: bool
) -> dt.date | None:
    if None in last_days:
        return None  # an engagement runs, whatever else keeps the record
    today = calendar.shanghai_date(clock.now())
    law = parameters.on(today)
    day = rules.erasable_on([one.until for one in await _keeping(worker, last_days, None, law, tx)])
    if day is None:
        return None
    if day > today:
        tx.schedule(ERASURE, worker.id, calendar.start_of_day(day))
        return day
    if not at_once:
        later = clock.now() + rules.heard_late(law)
        tx.schedule(ERASURE, worker.id, later)
        return calendar.shanghai_date(later)
    await _erase(worker, tx)
    return today


async def _last_days(worker_id: str, tx: Transaction) -> list[dt.date | None]:
    return [one.ended_on for one in await tx.find(Engagement, {"worker_id": worker_id})]


async def accounts_of(worker_id: str, tx: Transaction) -> list[Account]:
    """The accounts through which a person works or worked."""
    engagements = await tx.find(Engagement, {"worker_id": worker_id})
    names = sorted({f"{one.platform}:{one.worker_ref}" for one in engagements})
    found = [await Account.of(name, tx) for name in names]
    return [account for account in found if account is not None]


async def _erase(worker: Worker, tx: Transaction) -> None:
    """What identifies the person goes, here and (as `WorkerErased` is heard) everywhere; engagements stay, nobody's."""
    for alias_id in worker.aliases:
        alias = await Worker.of(alias_id, tx)
        if alias is not None:
            await blank(alias, tx)
            alias.keeping = rules.STATES.next(alias.keeping, "fall_due")
            await alias.put(tx)
    await blank(worker, tx)
    worker.keeping = rules.STATES.next(worker.keeping, "fall_due")
    await worker.put(tx)
    for account in await accounts_of(worker.id, tx):
        account.known_as = []
        account.forget_reasons()
        await account.put(tx)
    for engagement in await tx.find(Engagement, {"worker_id": worker.id}):
        if engagement.end_reason is not None:
            engagement.forget_reason()
            await engagement.put(tx)
    await grounds.forget([worker.id, *worker.aliases], tx)
    tx.publish(WorkerErased(worker_id=worker.id))

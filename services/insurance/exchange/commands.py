"""What the registry's word of a worker changes in the exchange, and its daily hour."""

from __future__ import annotations

import datetime as dt

from pymongo.errors import DuplicateKeyError

from services.insurance.exchange import contributions, people
from services.insurance.exchange.documents import Holder, Merged, Pull, Reconciliation
from shared import clock
from shared.contracts.registry import WorkerMerged, WorkerRegistered
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.service import Running
from shared.storage.encryption import open_sealed
from shared.storage.transaction import Transaction, transact

DAILY, PULL, RECONCILE = "insurance.exchange_daily", "insurance.payments_in", "insurance.reconciliation"

PULLED = "payments_in"


async def keep_worker(fact: WorkerRegistered, tx: Transaction) -> None:
    """Keep who bears the id number, and give them what was paid in for it before they were known."""
    worker_id = await people.present_id(fact.worker_id, tx)
    id_number = open_sealed("insurance", fact.for_insurance)["id_number"]
    holder = await people.holder_of(id_number, tx)
    if holder.worker_id == worker_id:
        return
    for earlier in await tx.find(Holder, {"worker_id": worker_id}):
        earlier.worker_id = None  # the number was wrong, and is nobody's whom we know
        await earlier.put(tx)
    was_known = holder.revision > 0
    holder.worker_id = worker_id
    await holder.put(tx)
    if was_known:  # what was paid for somebody unknown has left the holder of the number behind
        await contributions.link(id_number, worker_id, tx)


async def merge(fact: WorkerMerged, tx: Transaction) -> str | None:
    """Make what is kept of one record the other's, and give the id that it has now; None where that was done before.

    Nothing is told anew: every service follows the merging by itself.
    """
    if await Merged.of(fact.merged_worker_id, tx) is not None:
        return None
    await Merged(id=fact.merged_worker_id, worker_id=fact.worker_id).put(tx)
    worker_id = await people.present_id(fact.worker_id, tx)
    for holder in await tx.find(Holder, {"worker_id": fact.merged_worker_id}):
        holder.worker_id = worker_id
        await holder.put(tx)
    await contributions.follow_merging(fact.merged_worker_id, worker_id, tx)
    return worker_id


async def begin(_: Running) -> None:
    """At the service's first start: set the first daily exchange."""
    try:
        await transact(_begin)
    except DuplicateKeyError:
        return  # another process of the service was first


async def _begin(tx: Transaction) -> None:
    if await Pull.of(PULLED, tx) is None:
        await Pull(id=PULLED, since=dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).put(tx)
        schedule_daily(tx)


def schedule_daily(tx: Transaction) -> None:
    """Set the next daily exchange, at its hour of the Shanghai day (exchange.daily_hour)."""
    today = calendar.shanghai_date(clock.now())
    hour = dt.timedelta(hours=parameters.on(today).number("exchange.daily_hour"))
    at = calendar.start_of_day(today) + hour
    tx.schedule(DAILY, "next", at if at > clock.now() else at + dt.timedelta(days=1))


async def exchange_daily(tx: Transaction) -> None:
    """Pull what was paid in, compare the enrolments, and set the next day's exchange."""
    tx.schedule(PULL, PULLED, clock.now())
    await ask_reconciliation(calendar.shanghai_date(clock.now()), "timer", tx)
    schedule_daily(tx)


async def ask_reconciliation(day: dt.date, by: str, tx: Transaction) -> Reconciliation:
    """Have the enrolments compared under a day's name; a comparison of that day that has finished is done again."""
    known = await Reconciliation.of(day.isoformat(), tx)
    if known is None:
        known = Reconciliation(id=day.isoformat(), asked_by=by)
    known.status, known.asked_by = "waiting", by
    tx.schedule(RECONCILE, known.id, clock.now())
    return await known.put(tx)

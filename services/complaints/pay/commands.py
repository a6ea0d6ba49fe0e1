"""Store working time and settlements, and raise, change or withdraw the leads that settlements give.

Orders, settlements, engagements and collective contracts come in any order, to groups of their own. Each first stores what it
is told, then reads what the others have stored and checks: whichever comes second sees all. Every check stores its settlement, so
that of two checks of one settlement at the same time one is run again, with what the other has seen.

A settlement told again counts as it was told last (by `time`), and one that another takes the place of holds no lead. What comes
later of its worker's orders and footing, of contracts and of minimum wages has it checked again; for contracts and parameters,
which touch many, in bounded batches by a timer.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

import msgspec
from pymongo import UpdateOne

from services.complaints.parties.account_commands import with_other_accounts
from services.complaints.pay import month_rules, rules
from services.complaints.pay.check_commands import WORKERS_AT_ONCE, check
from services.complaints.pay.documents import Covered, Part, PayLaw, Settlement, WorkInterval
from services.complaints.pay.replacement_commands import linked_with
from services.complaints.work_time.reading import rows_with
from shared import clock
from shared.contracts.base import CloudEvent, yuan
from shared.contracts.platform import OrderFinished, SettlementPaid, platform_of
from shared.ids import new_id
from shared.policy.calendar import end_of_day, start_of_day
from shared.running import Running
from shared.storage.bulk import insert_new
from shared.storage.client import Row, collection_of
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact
from shared.storage.writes import encode

CHECKS_AT_ONCE = 100
"""Settlements checked in one transaction."""
PAY_LAW = "pay"

Span = tuple[dt.datetime, dt.datetime]
"""From when an order was taken to when it was finished."""


class Recheck(msgspec.Struct, frozen=True):
    """Settlements to be checked again: those that end on `since` or later and begin by `until` (None: whenever), of these
    `platforms` (empty: all), after one (empty: from the first)."""

    since: dt.date
    until: dt.date | None
    platforms: tuple[str, ...]
    after: tuple[dt.datetime, str] | None = None


RECHECK = TimerKind("complaints.recheck_settlements", Recheck)


async def store_orders(events: Sequence[CloudEvent[OrderFinished]]) -> None:
    """Store the time of orders, and check again the settlements that it falls into."""
    rows = {row["_id"]: row for row in map(_interval, reversed(events))}
    await insert_new(WorkInterval, list(rows.values()))
    await _check_all(await _touched(list(rows.values())))


async def store_settlements(events: Sequence[CloudEvent[SettlementPaid]]) -> list[Covered]:
    """Store settlements, each as it was told last, and check them. What those that were told before were for until then, whether
    by this call or by one that did not come to its end."""
    rows: dict[str, Row] = {}
    for row in map(_settlement, events):
        known = rows.get(row["_id"])
        if known is None or (row["told_at"], row["event_id"]) > (known["told_at"], known["event_id"]):
            rows[row["_id"]] = row
    stored = list(rows.values())
    there = await insert_new(Settlement, stored)
    again = await _tell_again([stored[place] for place in there]) if there else []
    before = [Covered.model_validate(one) for row in again for one in row.get("before", [])]
    linked = await linked_with([*stored, *again])
    await _check_all([*rows, *sorted(linked.keys() - rows.keys()), *await _left(before, rows)])
    return [*before, *linked.values()]


async def _left(before: Sequence[Covered], known: Collection[str]) -> list[str]:
    """The settlements for days, or months, that others were for before they were told again: they were measured together, under
    whichever reference of a person."""
    found: list[str] = []
    for one in before:
        first, last = month_rules.whole_months(one.period_start, one.period_end)
        reach: Row = {"ends_at": {"$gt": start_of_day(first)}, "starts_at": {"$lt": end_of_day(last)}}
        for row in await rows_with(
            Settlement, "worker", await with_other_accounts([one.worker]), fields={"_id": 1}, **reach
        ):
            found += [row["_id"]] if row["_id"] not in known else []
    return found


async def _tell_again(rows: Sequence[Row]) -> list[Row]:
    """Change settlements on file to what was told last; what they were for, and replaced, when they were told before."""
    settlements, ids = collection_of(Settlement), [row["_id"] for row in rows]
    fields = {"worker": 1, "period_start": 1, "period_end": 1, "before": 1, "replaces": 1}
    found = await settlements.find({"_id": {"$in": ids}}, fields).to_list(None)
    held = {row["_id"]: row for row in found}
    await settlements.bulk_write([_retold(row, held[row["_id"]]) for row in rows], ordered=False)
    kept = {"worker": 1, "platform": 1, "settlement_id": 1, "before": 1, "replaced_before": 1}
    return await settlements.find({"_id": {"$in": ids}}, kept).to_list(None)


async def check_workers(workers: Collection[str]) -> None:
    """Check again every settlement of workers (`<platform>|<worker_ref>`), whose footing or name is told otherwise now."""
    for some in _chunks(workers, CHECKS_AT_ONCE):
        found = await collection_of(Settlement).find({"worker": {"$in": some}}, {"_id": 1}).to_list(None)
        await _check_all([row["_id"] for row in found])


def recheck(since: dt.date, until: dt.date | None, platforms: Collection[str], tx: Transaction) -> None:
    """Have the settlements of these days checked again, once this transaction is stored."""
    tx.schedule(RECHECK, new_id(), clock.now(), Recheck(since, until, tuple(platforms)))


async def recheck_some(asked: Recheck, tx: Transaction) -> Recheck | None:
    """Check the next settlements again; where to go on, or None at the end."""
    start = start_of_day(asked.since)
    behind: Row = {"ends_at": {"$gt": start}}
    if asked.after is not None:
        at, last = asked.after
        behind = {"$or": [{"ends_at": {"$gt": at}}, {"ends_at": at, "_id": {"$gt": last}}]}
    fields = {"ends_at": 1, "starts_at": 1, "platform": 1}
    reading = collection_of(Settlement).find(behind, fields, session=tx.session)
    rows = await reading.sort([("ends_at", 1), ("_id", 1)]).limit(CHECKS_AT_ONCE).to_list(None)
    if not rows:
        return None
    latest = None if asked.until is None else end_of_day(asked.until)
    touched = [
        row["_id"]
        for row in rows
        if (latest is None or row["starts_at"] < latest) and (not asked.platforms or row["platform"] in asked.platforms)
    ]
    await check(touched, tx)
    return msgspec.structs.replace(asked, after=(rows[-1]["ends_at"], rows[-1]["_id"]))


async def follow_law(running: Running | None = None) -> None:
    """Have settlements checked again where a parameter is another than when they were checked: one published late, or put right."""
    await transact(_follow_law)


async def _follow_law(tx: Transaction) -> None:
    known, today = await PayLaw.of(PAY_LAW, tx), [*rules.rows(), rules.days_off(), rules.EDITION]
    since = rules.first_difference(known.rows if known else (), today)
    if since is None:
        return
    await (known or PayLaw(id=PAY_LAW, rows=[])).changed({"rows": today}).put(tx)
    recheck(since, None, (), tx)


async def _check_all(settlement_ids: Iterable[str]) -> None:
    for some in _chunks(settlement_ids, CHECKS_AT_ONCE):
        await transact(partial(check, some))


async def _touched(intervals: Sequence[Row]) -> list[str]:
    """The settlements whose period some of these intervals reach into."""
    settlements = collection_of(Settlement)
    earliest = min(row["taken_at"] for row in intervals)
    newest = await settlements.find_one({"ends_at": {"$gt": earliest}}, {"ends_at": 1}, sort=[("ends_at", -1)])
    if newest is None:
        return []
    # Most orders belong to a period that nobody has settled yet.
    spans: defaultdict[str, list[Span]] = defaultdict(list)
    for row in intervals:
        if row["taken_at"] < newest["ends_at"]:
            spans[row["worker"]].append((row["taken_at"], row["finished_at"]))
    found: list[str] = []
    for workers in _chunks(spans, WORKERS_AT_ONCE):
        since = min(taken for worker in workers for taken, _ in spans[worker])
        query = {"worker": {"$in": workers}, "ends_at": {"$gt": since}}
        rows = await settlements.find(query, {"worker": 1, "starts_at": 1, "ends_at": 1}).to_list(None)
        found += [
            row["_id"]
            for row in rows
            if any(taken < row["ends_at"] and finished > row["starts_at"] for taken, finished in spans[row["worker"]])
        ]
    return found


def _interval(event: CloudEvent[OrderFinished]) -> Row:
    order, platform = event.data, platform_of(event.source)
    return {
        "_id": f"{platform}|{order.order_id}",
        "worker": f"{platform}|{order.worker_ref}",
        "taken_at": order.taken_at,
        "finished_at": order.finished_at,
        "district": order.district,
        "industry": order.industry,
    }


def _settlement(event: CloudEvent[SettlementPaid]) -> Row:
    paid, platform = event.data, platform_of(event.source)
    return encode(
        Settlement(
            id=f"{platform}|{paid.settlement_id}",
            revision=1,
            worker=f"{platform}|{paid.worker_ref}",
            platform=platform,
            settlement_id=paid.settlement_id,
            worker_ref=paid.worker_ref,
            period_start=paid.period_start,
            period_end=paid.period_end,
            starts_at=start_of_day(paid.period_start),
            ends_at=end_of_day(paid.period_end),
            gross=yuan(paid.gross),
            deductions=[Part(kind=part.kind, amount=yuan(part.amount)) for part in paid.deductions],
            components=[Part(kind=part.kind, amount=yuan(part.amount)) for part in paid.components],
            net=yuan(paid.net),
            due_on=paid.due_on,
            paid_on=paid.paid_on,
            orders=paid.orders,
            replaces=paid.replaces,
            told_at=event.time,
            event_id=event.id,
        )
    )


_TOLD = (
    "worker", "worker_ref", "period_start", "period_end", "starts_at", "ends_at", "gross", "deductions", "components", "net",
    "due_on", "paid_on", "orders", "replaces", "told_at", "event_id",
)  # fmt: skip
"""What a later event on a settlement says anew."""


def _retold(row: Row, held: Row) -> UpdateOne:
    """The change of a settlement on file, as it was `held` a moment ago, where an earlier event told of it."""
    told_at = row["told_at"]
    earlier: list[dict[str, Any]] = [
        {"told_at": None},
        {"told_at": {"$lt": told_at}},
        {"told_at": told_at, "event_id": {"$lt": row["event_id"]}},
    ]
    change: Row = {"$set": {name: row[name] for name in _TOLD}, "$inc": {"revision": 1}}
    left: Row = {}
    if Covered.model_validate(row) != Covered.model_validate(held):
        left["before"] = {name: held[name] for name in Covered.model_fields}
    if held.get("replaces") and held["replaces"] != row["replaces"]:
        left["replaced_before"] = held["replaces"]
    if left:
        change["$addToSet"] = left
    return UpdateOne({"_id": row["_id"], "$or": earlier}, change)


def _chunks(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(ids)
    while chunk := list(islice(rest, size)):
        yield chunk

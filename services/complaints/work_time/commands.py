"""Store when people worked, and read it.

An order is merged into the day of its platform's worker, in bulk: the days that a batch touches are read, merged and written
where they have changed. A document that another process has changed meanwhile is read and merged again. What came twice
changes nothing, since a union does not.

An order that a platform tells a second time with other times counts for both: the spans do not say which order they are of.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from services.complaints.work_time.documents import Day, WorkDay, day_id, flat, paired
from services.complaints.work_time.reading import rows_with
from services.complaints.work_time.rules import ONLINE, Span, by_day, day_of, merged
from shared.contracts.base import CloudEvent
from shared.contracts.platform import OrderFinished, WorktimeRecorded, platform_of
from shared.policy.parameters import parameters
from shared.storage.bulk import repeated
from shared.storage.client import Row, collection_of
from shared.storage.passing import Stale
from shared.storage.transaction import Transaction

AT_ONCE = 500
"""Writes of one statement."""
TRIES = 20


async def store(events: Sequence[CloudEvent[OrderFinished]] | Sequence[CloudEvent[WorktimeRecorded]]) -> list[Day]:
    """Merge the time of orders and sessions into the days of their workers; the days that they touch."""
    found: defaultdict[Day, defaultdict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    longest: dict[dt.date, dt.timedelta] = {}
    for event in events:
        fact: OrderFinished | WorktimeRecorded = event.data
        if isinstance(fact, OrderFinished):
            part, begin, end = f"{fact.industry}|{fact.district}", fact.taken_at, fact.finished_at
        else:
            part, begin, end = f"{ONLINE}|", fact.online_at, fact.offline_at
        day = day_of(int(end.timestamp()))
        if day not in longest:
            longest[day] = dt.timedelta(hours=parameters.on(day).number("rest.longest_span_hours"))
        if end - begin > longest[day]:
            continue
        worker = f"{platform_of(event.source)}|{fact.worker_ref}"
        for on, span in by_day(begin, end):
            found[worker, on][part].append(span)
    await _merge_in(found)
    return list(found)


async def _merge_in(found: Mapping[Day, Mapping[str, list[Span]]]) -> None:
    left = dict(found)
    for _ in range(TRIES):
        known = await rows_of(left)
        writes = [write for day, parts in left.items() if (write := _write(day, parts, known.get(day)))]
        pieces = [writes[start : start + AT_ONCE] for start in range(0, len(writes), AT_ONCE)]
        if all(await asyncio.gather(*map(_carry_out, pieces))):
            return
    raise Stale("work_days")


def _write(day: Day, parts: Mapping[str, list[Span]], known: Row | None) -> InsertOne[Row] | UpdateOne | None:
    before: dict[str, list[int]] = known["spans"] if known else {}
    after = {part: flat(merged(spans, paired(before.get(part, [])))) for part, spans in parts.items()}
    if known is None:
        worker, on = day
        fresh = {"_id": day_id(worker, on), "worker": worker, "day": on.isoformat(), "version": 1}
        return InsertOne({**fresh, "spans": after, "signs": []})
    if all(before.get(part) == spans for part, spans in after.items()):
        return None
    seen = {"_id": known["_id"], "version": known["version"]}
    return UpdateOne(seen, {"$set": {f"spans.{part}": spans for part, spans in after.items()}, "$inc": {"version": 1}})


async def _carry_out(writes: Sequence[InsertOne[Row] | UpdateOne]) -> bool:
    """Whether every write met what it was made for."""
    if not writes:
        return True
    try:
        result = await collection_of(WorkDay).bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        repeated(error)
        return False
    return result.inserted_count + result.matched_count == len(writes)


async def rows_of(days: Iterable[Day], tx: Transaction | None = None) -> dict[Day, Row]:
    """The stored rows of these days, those that there are."""
    wanted = {day_id(worker, day): (worker, day) for worker, day in days}
    return {wanted[row["_id"]]: row for row in await rows_with(WorkDay, "_id", wanted, tx)}

"""Store when people worked, and read it.

An order is merged into the day of its platform's worker, in bulk: the days that a batch touches are read, merged and written
where they have changed, some hundred in one transaction, since a commit for each costs several times as much. What another
process has changed meanwhile is read and merged again. What came twice changes nothing, since a union does not.

An order that a platform tells a second time with other times counts for both: the spans do not say which order they are of.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from pymongo.errors import DuplicateKeyError

from services.complaints.work_time.documents import Day, WorkDay, day_id, flat, paired
from services.complaints.work_time.reading import rows_with
from services.complaints.work_time.rules import ONLINE, Span, by_day, day_of, merged
from shared.contracts.base import CloudEvent
from shared.contracts.platform import OrderFinished, WorktimeRecorded, platform_of
from shared.policy.parameters import parameters
from shared.storage.client import Row
from shared.storage.passing import Stale
from shared.storage.transaction import Transaction, transact

AT_ONCE = 500
"""Days of one transaction."""
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
    days = sorted(found)
    pieces = [days[start : start + AT_ONCE] for start in range(0, len(days), AT_ONCE)]
    await asyncio.gather(*(_merge_in({day: found[day] for day in piece}) for piece in pieces))
    return days


async def _merge_in(found: Mapping[Day, Mapping[str, list[Span]]]) -> None:
    for _ in range(TRIES):
        try:
            return await transact(partial(_merge, found))
        except DuplicateKeyError:  # another process has met one of these days first: it is there to be read now
            continue
    raise Stale("work_days")


async def _merge(found: Mapping[Day, Mapping[str, list[Span]]], tx: Transaction) -> None:
    known = await rows_of(found, tx)
    for (worker, day), parts in found.items():
        row = known.get((worker, day))
        before: dict[str, list[int]] = row["spans"] if row else {}
        after = {part: flat(merged(spans, paired(before.get(part, [])))) for part, spans in parts.items()}
        if row is None:
            fresh = {"_id": day_id(worker, day), "worker": worker, "day": day.isoformat()}
            tx.insert_rows(WorkDay, [{**fresh, "spans": after, "signs": []}])
        elif changed := {f"spans.{part}": spans for part, spans in after.items() if before.get(part) != spans}:
            tx.update(WorkDay, row["_id"], {"$set": changed})


async def rows_of(days: Iterable[Day], tx: Transaction | None = None) -> dict[Day, Row]:
    """The stored rows of these days, those that there are."""
    wanted = {day_id(worker, day): (worker, day) for worker, day in days}
    return {wanted[row["_id"]]: row for row in await rows_with(WorkDay, "_id", wanted, tx)}

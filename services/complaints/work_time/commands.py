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
from services.complaints.work_time.rules import ONLINE, Span, by_day, day_of, merged, seconds_of
from shared import clock
from shared.contracts.base import CloudEvent
from shared.contracts.platform import OrderFinished, WorktimeRecorded, platform_of
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import MissingParameter, parameters
from shared.storage.client import Row
from shared.storage.kinds import TimerKind
from shared.storage.passing import Stale
from shared.storage.transaction import Transaction, transact

AT_ONCE = 500
"""Days of one transaction."""
TRIES = 20
WAIT = dt.timedelta(days=1)
PAST_MONTH = TimerKind("complaints.past_month")
"""Set where work is stored of a month that was looked at for what is not paid; it waits so long for the settlement."""


async def store(
    events: Sequence[CloudEvent[OrderFinished]] | Sequence[CloudEvent[WorktimeRecorded]],
) -> dict[Day, Row]:
    """Merge the time of orders and sessions into the days of their workers; the days that they touch, as they are stored."""
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
    stored = await asyncio.gather(*(_merge_in({day: found[day] for day in piece}) for piece in pieces))
    return {day: row for rows in stored for day, row in rows.items()}


async def _merge_in(found: Mapping[Day, Mapping[str, list[Span]]]) -> dict[Day, Row]:
    for _ in range(TRIES):
        try:
            return await transact(partial(_merge, found))
        except DuplicateKeyError:  # another process has met one of these days first: it is there to be read now
            continue
    raise Stale("work_days")


async def _merge(found: Mapping[Day, Mapping[str, list[Span]]], tx: Transaction) -> dict[Day, Row]:
    stored = await rows_of(found, tx)
    for (worker, day), parts in found.items():
        row = stored.get((worker, day))
        if row is None:
            spans = {part: flat(merged(spans)) for part, spans in parts.items()}
            row = {"_id": day_id(worker, day), "worker": worker, "day": day.isoformat(), "spans": spans, "signs": []}
            tx.insert_rows(WorkDay, [row])
        elif change := _added(row["spans"], parts):
            tx.update(WorkDay, row["_id"], change)
        else:
            continue
        stored[worker, day] = row
        if _is_past(day):
            tx.schedule(PAST_MONTH, f"{worker}|{day:%Y-%m}", clock.now() + WAIT)
    return stored


def _is_past(day: dt.date) -> bool:
    """Whether the month of a day may have been looked at for what is not paid."""
    try:
        return (shanghai_date(clock.now()) - day).days > parameters.on(day).number("wages.unpaid_after_days")
    except MissingParameter:
        return False  # in a year before the law


def _added(known: dict[str, list[int]], parts: Mapping[str, list[Span]]) -> Row:
    """Merge spans into those of a row; the change of the stored row, empty where there is none.

    Most work comes in order: what lies behind everything known is added at the end, and the rest of a long day is neither
    read through nor written again.
    """
    behind: dict[str, Row] = {}
    anew: dict[str, list[int]] = {}
    for part, spans in parts.items():
        before = known.get(part)
        fresh = merged(spans)
        if before and fresh and fresh[0][0] > before[-1]:
            added = flat(fresh)
            behind[f"spans.{part}"] = {"$each": added}
            known[part] = before + added
            continue
        after = flat(merged(fresh, paired(before or [])))
        if after != (before or []):
            anew[f"spans.{part}"] = known[part] = after
    change: Row = {}
    if behind:
        change["$push"] = behind
    if anew:
        change["$set"] = anew
    return change


async def rows_of(days: Iterable[Day], tx: Transaction | None = None) -> dict[Day, Row]:
    """The stored rows of these days, those that there are."""
    wanted = {day_id(worker, day): (worker, day) for worker, day in days}
    return {wanted[row["_id"]]: row for row in await rows_with(WorkDay, "_id", wanted, tx)}


async def worked_between(
    workers: Iterable[str], first: dt.date, last: dt.date, tx: Transaction | None = None
) -> dict[str, dict[dt.date, Row]]:
    """The stored rows of workers between two days, both included."""
    days = {"$gte": first.isoformat(), "$lte": last.isoformat()}
    found: defaultdict[str, dict[dt.date, Row]] = defaultdict(dict)
    for row in await rows_with(WorkDay, "worker", workers, tx, day=days):
        found[row["worker"]][dt.date.fromisoformat(row["day"])] = row
    return found


async def days_worked(workers: Iterable[str]) -> list[Day]:
    """All days of which there is a row of these workers."""
    rows = await rows_with(WorkDay, "worker", workers, fields={"_id": 0, "worker": 1, "day": 1})
    return [(row["worker"], dt.date.fromisoformat(row["day"])) for row in rows]


def order_spans(row: Row) -> list[Span]:
    """When there were orders on a stored day, without time online."""
    return merged(*(paired(spans) for part, spans in row["spans"].items() if not part.startswith(f"{ONLINE}|")))


def order_seconds(row: Row) -> int:
    """How long orders took on a stored day, without time online."""
    return seconds_of(order_spans(row))


def district_of(rows: Iterable[Row]) -> str | None:
    """Where most of the time of orders was spent, the lowest code of equals; None where no order says it."""
    spent = defaultdict[str, int](int)
    for row in rows:
        for part, spans in row["spans"].items():
            spent[part.partition("|")[2]] += seconds_of(paired(spans))
    spent.pop("", None)
    return min(spent, key=lambda one: (-spent[one], one), default=None)

"""Deadlines that reach into a year whose days off are not published yet: reckoned again when they are.

    CALENDAR = provisional_kind("insurance.transfer_calendar")
    provisional.watch(CALENDAR, transfer.id, deadline, tx)      # beside the deadline, in the command that sets it

    @timer(CALENDAR)
    async def on_calendar(due, tx): await commands.recalculate(due.key, due.payload, tx)

The watch is a timer that carries the version of the calendar. A process that starts with another version makes it due at once; at
the latest it ends with the deadline's last day. The handler moves the deadline only where it still stands on `payload.due`.

Deadlines that are reckoned from their document alone need no watch of their own, nor do those that were stored before there was one:

    BILLS = Stored(CALENDAR, Bill, lambda since: {"due_on": {"$gte": since}})      # in `deadlines` of the service

The first process that works with another version of the calendar makes a timer for each document that fits, due at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from beanie import Document
from pymongo import UpdateOne

from shared import clock
from shared.policy import calendar
from shared.policy.calendar import Deadline
from shared.storage.client import Row, collection_of, storage
from shared.storage.kinds import TimerKind
from shared.storage.migrations import kept as done
from shared.storage.transaction import Transaction

BATCH = 200
"""Documents read, and timers made, at once."""

LOOKED_BACK = dt.timedelta(days=60)
"""Deadlines that ended longer ago are left as they are: what they brought about is done. Ours, not the law's."""


class Provisional(msgspec.Struct, frozen=True):
    """A last day, and the version of the calendar that it was reckoned with; from what, where days or working days alone say it."""

    due: dt.date
    calendar: str
    start: dt.date | None = None
    days: int | None = None
    workdays: int | None = None


def provisional_kind(name: str) -> TimerKind[Provisional]:
    """A kind of watch: one for each deadline that a service sets."""
    return TimerKind(name, Provisional)


def watch(kind: TimerKind[Provisional], key: str, deadline: Deadline | dt.date | None, tx: Transaction) -> None:
    """Have a deadline reckoned again once the days off are published that it may rest on; nothing where they are."""
    found = deadline if isinstance(deadline, Deadline) else None
    day = found.due if found else deadline
    if not isinstance(day, dt.date) or (calendar.is_published(day) and not (found and found.provisional)):
        return
    kept = Provisional(
        due=day,
        calendar=calendar.VERSION,
        start=found.start if found else None,
        days=found.days if found else None,
        workdays=found.workdays if found else None,
    )
    tx.schedule(kind, key, max(calendar.end_of_day(day), clock.now()), kept)


def moved(kept: Provisional) -> Deadline | None:
    """The deadline as it is reckoned now, where its day is another."""
    if kept.start is None:
        raise ValueError("the length of this deadline is not known: reckon it from its record")
    found = (
        calendar.add_days(kept.start, kept.days)
        if kept.days is not None
        else calendar.add_working_days(kept.start, kept.workdays or 0)
    )
    return found if found.due != kept.due else None


def _by_id(row: Row) -> Iterable[tuple[str, Any]]:
    return [(str(row["_id"]), None)]


@dataclass(frozen=True)
class Stored:
    """Deadlines that documents hold: those with a last day from an instant on fit `wanted`, and of each `fields` are read.

    `watches`: the key, and what the timer carries, for each deadline of a row; without it, one by the document's id alone.
    """

    kind: TimerKind[Any]
    document: type[Document]
    wanted: Callable[[dt.datetime], Row]
    fields: tuple[str, ...] = ()
    watches: Callable[[Row], Iterable[tuple[str, Any]]] = _by_id

    @property
    def mark(self) -> str:
        """Under what it is kept with which calendar they were last gone through."""
        return f"calendar {self.kind.name} {self.document.__name__}"


def from_day(field: str, **more: Any) -> Callable[[dt.datetime], Row]:
    """Documents whose last day is in `field`, which may lie in a list or a part."""
    return lambda since: {field: {"$gte": since}, **more}


def rests_on(day: dt.date | dt.datetime, start: dt.date | None = None, **length: int) -> Provisional:
    """What a timer carries for a deadline that was stored without a watch, so that it is reckoned anew."""
    due = day.date() if isinstance(day, dt.datetime) else day
    return Provisional(due=due, calendar="unknown", start=start, **length)


def natural(day: dt.date | dt.datetime) -> Provisional:
    """The same for a last day of natural days, which only moves where it is a day off after all."""
    kept = rests_on(day)
    return msgspec.structs.replace(kept, start=kept.due - dt.timedelta(days=1), days=1)


def by_day(
    kind: TimerKind[Provisional],
    document: type[Document],
    field: str,
    kept: Callable[[dt.datetime], Provisional],
    **more: Any,
) -> Stored:
    """Deadlines of a kind that is watched, one in each document, which those stored before the watch have none of."""
    return Stored(
        kind, document, from_day(field, **more), (field,), lambda row: [(str(row["_id"]), kept(_at(row, field)))]
    )


def _at(row: Row, field: str) -> dt.datetime:
    found: Any = row
    for part in field.split("."):
        found = found[part]
    day: dt.datetime = found
    return day


async def wake(stored: Sequence[Stored] = ()) -> None:
    """Make every watch due that rests on another version of the calendar, and one for each stored deadline that has none; at the
    start of each process that works."""
    timers = storage().collection("timers")
    for other in ("$lt", "$gt"):
        await timers.update_many({"data.calendar": {other: calendar.VERSION}}, {"$set": {"due_at": clock.now()}})
    marks = {row["_id"]: row async for row in done().find({"_id": {"$in": [one.mark for one in stored]}})}
    for one in stored:
        if marks.get(one.mark, {}).get("title") != calendar.VERSION:
            await _go_through(one)
            mark = {"title": calendar.VERSION, "finished_at": clock.now(), "last": None, "changed": 0}
            await done().update_one({"_id": one.mark}, {"$set": mark}, upsert=True)


async def _go_through(stored: Stored) -> None:
    """Make a timer for each deadline that may rest on days off that were not published when it was set; done twice, it does no
    harm."""
    rows = collection_of(stored.document)
    since = max(calendar.FIRST_UNCERTAIN, calendar.shanghai_date(clock.now()) - LOOKED_BACK)
    wanted = stored.wanted(dt.datetime.combine(since, dt.time(), dt.UTC))
    read, last = dict.fromkeys(stored.fields, 1) | {"_id": 1}, ""
    while found := await rows.find({"_id": {"$gt": last}, **wanted}, read).sort("_id", 1).limit(BATCH).to_list(None):
        last = found[-1]["_id"]
        now = clock.now()
        due = [_once_more(stored.kind.row(key, now, payload)) for row in found for key, payload in stored.watches(row)]
        if due:
            await storage().collection("timers").bulk_write(due, ordered=False)


def _once_more(timer: Row) -> UpdateOne:
    """Have a timer go off by its new time, whether or not it stands."""
    told = {name: value for name, value in timer.items() if name not in ("_id", "due_at")}
    return UpdateOne({"_id": timer["_id"]}, {"$setOnInsert": told, "$set": {"due_at": timer["due_at"]}}, upsert=True)

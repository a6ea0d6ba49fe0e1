"""Deadlines that reach into a year whose days off are not published yet: reckoned again when they are.

    CALENDAR = provisional_kind("insurance.transfer_calendar")
    provisional.watch(CALENDAR, transfer.id, deadline, tx)      # beside the deadline, in the command that sets it

    @timer(CALENDAR)
    async def on_calendar(due, tx): await commands.reckon_again(due.key, due.payload, tx)

The watch is a timer that carries the version of the calendar. A process that starts with another version makes it due at once; at
the latest it ends with the deadline's last day. The handler moves the deadline only where it still stands on `payload.due`.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from shared import clock
from shared.policy import calendar
from shared.policy.calendar import Deadline
from shared.storage.client import storage
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction


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


async def wake() -> None:
    """Make every watch due that rests on another version of the calendar; at the start of each process that works."""
    timers = storage().collection("timers")
    for other in ("$lt", "$gt"):
        await timers.update_many({"data.calendar": {other: calendar.VERSION}}, {"$set": {"due_at": clock.now()}})

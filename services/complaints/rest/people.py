"""Which workers of platforms are one person on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from services.complaints.parties.account_rules import of_day
from services.complaints.parties.documents import Engagement
from services.complaints.work_time.documents import Day
from services.complaints.work_time.reading import rows_with
from shared.storage.client import Row
from shared.storage.transaction import Transaction

_DAY: Final = dt.timedelta(1)
FIELDS = {"platform": 1, "worker_ref": 1, "worker_id": 1, "started_on": 1, "happened_at": 1}


@dataclass(frozen=True, slots=True)
class Person:
    """The platforms' workers that are one person on a day; `worker_id` is None while nobody says who a worker is. `not_theirs`: days
    near it on which one of these workers is somebody else."""

    worker_id: str | None
    workers: tuple[str, ...]
    not_theirs: frozenset[Day] = frozenset()


async def people_of(days: Sequence[Day], tx: Transaction | None = None) -> dict[Day, Person]:
    """Who each platform's worker is on a day, with all workers who are that person then."""
    engagements = await _engagements_of({worker for worker, _ in days}, tx)
    persons = {one["worker_id"] for several in engagements.values() for one in several}
    theirs = await rows_with(Engagement, "worker_id", persons, tx, fields=FIELDS)
    workers_of: defaultdict[str, set[str]] = defaultdict(set)
    for row in theirs:
        workers_of[row["worker_id"]].add(worker_of(row))
    unmet = {worker for workers in workers_of.values() for worker in workers} - engagements.keys()
    engagements |= await _engagements_of(unmet, tx)
    found: dict[Day, Person] = {}
    for worker, day in days:
        person = owner(engagements.get(worker, []), day)
        if person is None:
            found[worker, day] = Person(None, (worker,))
            continue
        same = {one for one in workers_of[person] if owner(engagements.get(one, []), day) == person}
        passed_on = frozenset(
            (one, near)
            for one in same
            if len(engagements.get(one, [])) > 1
            for near in (day - _DAY, day + _DAY)
            if owner(engagements[one], near) != person
        )
        found[worker, day] = Person(person, tuple(sorted({*same, worker})), passed_on)
    return found


def owner(engagements: Iterable[Row], day: dt.date) -> str | None:
    """Whose a platform's reference is on a day."""
    return of_day((((_started(row), row["happened_at"], row["_id"]), row["worker_id"]) for row in engagements), day)


def _started(engagement: Row) -> dt.date:
    """The first day, which is stored as an instant; the earliest where a copy of the past has none."""
    started: dt.datetime | None = engagement.get("started_on")
    return dt.date.min if started is None else started.date()


async def _engagements_of(workers: Iterable[str], tx: Transaction | None) -> dict[str, list[Row]]:
    refs_of: defaultdict[str, list[str]] = defaultdict(list)
    for worker in workers:
        platform, _, ref = worker.partition("|")
        refs_of[platform].append(ref)
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for platform, refs in refs_of.items():
        for row in await rows_with(Engagement, "worker_ref", refs, tx, fields=FIELDS, platform=platform):
            found[worker_of(row)].append(row)
    return found


def worker_of(engagement: Row) -> str:
    return f"{engagement['platform']}|{engagement['worker_ref']}"

"""Look at the days that work was stored of: prompt who should rest now, and raise, change or withdraw leads.

Most days come to no limit. So a batch is first looked at outside a transaction; only the days that come to a limit, or did
before, are reckoned once more in one, with what it must change. Work is stored before it is looked at: of two processes
that store the work of one person for two platforms, whichever comes second sees both.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypedDict

from services.complaints.collective_contracts.documents import CollectiveTerms
from services.complaints.leads import rules as leads
from services.complaints.leads.commands import meet, raise_lead, withdraw_lead
from services.complaints.leads.documents import Lead
from services.complaints.parties.commands import MOVED
from services.complaints.parties.documents import Engagement, Moved
from services.complaints.rest import rules
from services.complaints.rest.documents import Prompted
from services.complaints.rest.people import FIELDS, Person, people_of, worker_of
from services.complaints.rest.rules import LEAD_OF, Found, Limits, Work
from services.complaints.work_time.commands import rows_of
from services.complaints.work_time.documents import Day, WorkDay, day_id, paired
from services.complaints.work_time.reading import rows_with
from shared import clock
from shared.contracts.complaints.leads import Finding, LeadKind
from shared.contracts.complaints.rest import RestLimit, RestLimitReached, RestPauseAsked
from shared.contracts.complaints.time_findings import DailyHoursExceeded, DrivingWithoutBreak, RestExceeded
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.client import Row
from shared.storage.transaction import Transaction, transact

DAYS_AT_ONCE: Final = 50
"""Days reckoned in one transaction."""
MOVED_AT_ONCE: Final = 50
SPANS_SHOWN: Final = 200
ONE_DAY: Final = dt.timedelta(1)
TO_JUDGE: Final = {
    "rest_exceeded": ("rest_within_orders", "orders_after_limit"),
    "driving_without_break": ("driving_between",),
    "daily_hours_exceeded": ("rest_within_orders", "orders_after_limit"),
}


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A person's day: the rows of their workers on it, and the limits that it came to.

    A worker with a part in work over midnight is concerned also without a row on the day."""

    day: dt.date
    worker_id: str | None
    rows: dict[str, Row]
    found: list[Found]

    @property
    def matters(self) -> bool:
        return bool(self.found) or any(row["signs"] for row in self.rows.values())

    @property
    def workers(self) -> list[str]:
        """Those whom the day concerns: who worked on it, or had a part in work that came to a limit on it."""
        return sorted(self.rows.keys() | {found.worker for found in self.found})

    def signs(self, worker: str) -> set[LeadKind]:
        """The kinds of leads that were raised of a worker's day before."""
        return set(self.rows[worker]["signs"]) if worker in self.rows else set()


async def look(stored: Mapping[Day, Row]) -> None:
    """Look at days whose work has changed, as they were stored."""
    matter = [day for day, one in (await calculate(stored, None, stored)).items() if one.matters]
    for start in range(0, len(matter), DAYS_AT_ONCE):
        await transact(partial(check, matter[start : start + DAYS_AT_ONCE]))


async def check(days: Collection[Day], tx: Transaction) -> None:
    """Reckon days anew, and do what follows from each."""
    reckoned = await calculate(days, tx)
    persons = {(one.day, *sorted(one.rows)): one for one in reckoned.values() if one.matters}
    ids = [
        leads.lead_id(kind, day_id(worker, one.day))
        for one in persons.values()
        for worker in one.workers
        for kind in {*one.signs(worker), *(LEAD_OF[it.limit] for it in one.found if it.limit in LEAD_OF)}
    ]
    meet({*(worker for worker, _ in days), *(worker for one in persons.values() for worker in one.workers)}, tx)
    await tx.load(Lead, ids)
    for one in persons.values():
        await _lead(one, tx)
        await _prompt(one, tx)


async def look_at_moved(tx: Transaction) -> None:
    """Reckon anew the days of people of whom it has become known which platforms' workers they are."""
    waiting = await tx.rows(Moved, {}, limit=MOVED_AT_ONCE)
    persons = [row["_id"] for row in waiting]
    rows = await rows_with(Engagement, "worker_id", persons, tx, fields=FIELDS)
    workers_of: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        workers_of[row["worker_id"]].add(worker_of(row))
    on_file = {worker for several in workers_of.values() for worker in several}
    known = await rows_with(WorkDay, "worker", on_file, tx, fields={"worker": 1, "day": 1, "signs": 1})
    on: defaultdict[str, dict[str, Row]] = defaultdict(dict)
    for row in known:
        on[row["day"]][row["worker"]] = row
    days = set()
    for day, found in on.items():
        for workers in workers_of.values():
            several = workers & found.keys()
            # one platform's work may have gone on over midnight through another one
            near = set(several).union(*(workers & on.get(beside, {}).keys() for beside in _beside(day)))
            days |= {(one, dt.date.fromisoformat(day)) for one in several if len(near) > 1 or found[one]["signs"]}
    meet(on_file, tx)
    await check(days, tx)
    for person in persons:
        tx.delete(Moved, person)
    if len(waiting) == MOVED_AT_ONCE:
        tx.schedule(MOVED, "all", clock.now())


def _beside(day: str) -> tuple[str, str]:
    date = dt.date.fromisoformat(day)
    return (date - ONE_DAY).isoformat(), (date + ONE_DAY).isoformat()


async def calculate(
    days: Iterable[Day], tx: Transaction | None, stored: Mapping[Day, Row] | None = None
) -> dict[Day, Reckoned]:
    """Days that have changed, and those beside them into which their work reaches, as they stand. `stored`: rows at hand, which
    whoever changes them later looks at again."""
    wanted = sorted(set(days))
    if not wanted:
        return {}
    people = await people_of(wanted, tx)
    theirs = {(worker, day) for (_, day), person in people.items() for worker in person.workers}
    rows = dict(stored or {})
    rows |= await rows_of(theirs - rows.keys(), tx)
    reaching = [
        (worker, day) for worker, day in wanted if rules.reaches_over(_works(people[worker, day], [day], rows), day)
    ]
    beside = {
        (one, day + step)
        for worker, day in reaching
        for one in people[worker, day].workers
        for step in (-ONE_DAY, ONE_DAY)
    } - people.keys()
    more = {
        (one, day + step * ONE_DAY)
        for worker, day in reaching
        for one in people[worker, day].workers
        for step in (-2, -1, 1, 2)
    }
    rows |= await rows_of(more - rows.keys(), tx)
    # the day beside is reckoned where the person worked on it, through whichever platform
    beside = {day for day in beside if day in rows}
    if beside:
        people |= await people_of(sorted(beside), tx)
    contracts = await CollectiveTerms.not_ended_by(min(day for _, day in people), tx)
    known: dict[tuple[str, str, str, dt.date], Limits] = {}
    found: dict[Day, Reckoned] = {}
    for worker, day in [*wanted, *sorted(beside)]:
        person = people[worker, day]
        own = {one: rows[one, day] for one in person.workers if (one, day) in rows}
        works = _works(person, [day - ONE_DAY, day, day + ONE_DAY], rows)
        limits = {}
        for work in works:
            if work.parts:
                key = (work.platform, *work.place_and_trade(day), day)
                if key not in known:
                    platform, district, trade, _ = key
                    known[key] = rules.limits_of(platform, trade, district, day, contracts)
                limits[work.worker] = known[key]
        found[worker, day] = Reckoned(day, person.worker_id, own, rules.findings(works, limits, day))
    return found


def _works(person: Person, days: Sequence[dt.date], rows: dict[Day, Row]) -> list[Work]:
    found = []
    for worker in person.workers:
        parts: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for day in days:
            if (worker, day) in person.not_theirs:
                continue
            for part, seconds in rows.get((worker, day), {}).get("spans", {}).items():
                trade, _, district = part.partition("|")
                parts[trade, district] += paired(seconds)
        found.append(Work(worker, parts))
    return found


async def _lead(one: Reckoned, tx: Transaction) -> None:
    """Raise what a day shows, of each platform concerned, and withdraw what it shows no more."""
    longest: dict[tuple[str, str], Found] = {}
    for found in one.found:
        kind = LEAD_OF.get(found.limit)
        if kind is not None and found.exceeded:
            known = longest.get((found.worker, kind))
            longest[found.worker, kind] = max(known or found, found, key=lambda it: (it.worked, -it.reached))
    for worker in one.workers:
        about = day_id(worker, one.day)
        shown = {kind: found for (whose, kind), found in longest.items() if whose == worker}
        for _, found in sorted(shown.items()):
            await raise_lead(_sign(one, about, found), tx)
        before = one.signs(worker)
        for gone in sorted(before - shown.keys()):
            await withdraw_lead(leads.lead_id(gone, about), tx)
        if before != shown.keys():
            names = {"worker": worker, "day": one.day.isoformat(), "spans": {}}
            tx.update(WorkDay, about, {"$set": {"signs": sorted(shown)}, "$setOnInsert": names}, upsert=True)


def _sign(one: Reckoned, about: str, found: Found) -> leads.Sign:
    platform, _, worker_ref = found.worker.partition("|")
    finding = _finding(one.day, found)
    kind = leads.kind_of(finding)
    return leads.Sign(
        about=about,
        platform=platform,
        worker_ref=worker_ref,
        worker_id=one.worker_id,
        district=found.district,
        finding=finding,
        events=(),
        used=found.terms.used,
        to_judge=(*TO_JUDGE[kind], "waiting_not_counted"),
    )


class _OfDay(TypedDict):
    day: dt.date
    worked_seconds: int
    limit_seconds: int
    platform_seconds: int
    other_platforms: tuple[str, ...]
    reached_at: dt.datetime
    spans: tuple[tuple[dt.datetime, dt.datetime], ...]
    spans_left_out: int
    collective_contract_id: str | None


def _finding(day: dt.date, found: Found) -> Finding:
    kind = LEAD_OF[found.limit]
    shown = found.spans[:SPANS_SHOWN]
    common: _OfDay = {
        "day": day,
        "worked_seconds": found.worked,
        "limit_seconds": found.terms.limit,
        "platform_seconds": found.own,
        "other_platforms": found.others,
        "reached_at": _instant(found.reached),
        "spans": tuple((_instant(begin), _instant(end)) for begin, end in shown),
        "spans_left_out": len(found.spans) - len(shown),
        "collective_contract_id": found.terms.contract_id,
    }
    if kind == "daily_hours_exceeded":
        return DailyHoursExceeded(**common)
    if kind == "rest_exceeded":
        return RestExceeded(**common, break_seconds=found.terms.break_seconds)
    return DrivingWithoutBreak(**common, break_seconds=found.terms.break_seconds)


async def _prompt(one: Reckoned, tx: Transaction) -> None:
    """Tell a person and the platforms concerned that they should rest, once a day for each limit, while it helps."""
    now = clock.now()
    by_limit: defaultdict[RestLimit, list[Found]] = defaultdict(list)
    for found in one.found:
        if found.present and now <= _until(found):
            by_limit[found.limit].append(found)
    if by_limit["daily"]:
        by_limit["daily_warning"] = []
    for limit, several in sorted(by_limit.items()):
        if not several:
            continue
        marks = {worker: f"{day_id(worker, one.day)}|{limit}" for worker in one.workers}
        await tx.load(Prompted, marks.values())
        if any([await tx.get(Prompted, mark) for mark in marks.values()]):
            continue
        for worker in marks:
            tx.insert(Prompted(id=marks[worker], at=now))
        _tell(one.worker_id, limit, several, now, tx)


def _tell(worker_id: str | None, limit: RestLimit, several: Sequence[Found], now: dt.datetime, tx: Transaction) -> None:
    """Tell the person all; each platform that a limit is reached, and its own share alone: where else its worker worked, and
    when, is no business of it."""
    first = min(several, key=lambda found: (found.terms.limit, found.worker))
    for found in several:
        platform, _, worker_ref = found.worker.partition("|")
        tx.publish(
            RestPauseAsked(
                worker_ref=worker_ref,
                platform=platform,
                district=found.district,
                limit=limit,
                limit_seconds=found.terms.limit,
                platform_seconds=found.own,
                # when the limit was reached and until when the work went on would tell of work elsewhere
                reached_at=now,
                helps_until=_helps_until(now),
            )
        )
    platform, _, worker_ref = first.worker.partition("|")
    tx.publish(
        RestLimitReached(
            worker_id=worker_id,
            worker_ref=worker_ref,
            platform=platform,
            district=first.district,
            limit=limit,
            limit_seconds=first.terms.limit,
            worked_seconds=first.worked,
            platforms=tuple(sorted({found.worker.partition("|")[0] for found in several})),
            reached_at=_instant(first.reached),
            helps_until=_until(first),
        )
    )


def _until(found: Found) -> dt.datetime:
    return _helps_until(_instant(found.until))


def _helps_until(ended: dt.datetime) -> dt.datetime:
    minutes = parameters.on(shanghai_date(ended)).number("rest.prompt_minutes")
    return ended + dt.timedelta(minutes=minutes)


def _instant(second: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(second, dt.UTC)

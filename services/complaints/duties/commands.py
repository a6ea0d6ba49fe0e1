"""Keep what other services tell of duties, and raise, change or withdraw leads.

Facts, engagements and orders come in any order, to groups of their own. Each first stores what it is told, then reads what the
others have stored and checks: whichever comes second sees all. A check that has something to say stores its subject, so that of two
at the same time one is run again. Orders are looked at only of people who are watched, by one indexed query for a batch.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final, TypeVar

import msgspec

from services.complaints.duties import rules
from services.complaints.duties.documents import Duty, Kept
from services.complaints.duties.firm_rules import unrecorded_people
from services.complaints.duties.told_rules import Around, Found, People, Person, Told
from services.complaints.leads.commands import raise_lead, withdraw_lead
from services.complaints.leads.documents import Lead
from services.complaints.leads.rules import Sign
from services.complaints.parties.documents import Engagement
from services.complaints.work_time.documents import Day, WorkDay
from services.complaints.work_time.reading import rows_with
from services.complaints.work_time.rules import ONLINE
from shared.contracts.base import CloudEvent, Fact
from shared.contracts.registry import (
    CooperationFact,
    EngagementActivated,
    EngagementBlocked,
    EngagementCorrected,
    EngagementFact,
)
from shared.storage.client import Row
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact

F = TypeVar("F", bound=Fact)
T = TypeVar("T")

AT_ONCE: Final = 100
"""Subjects stored or checked in one transaction."""


async def follow(events: Iterable[CloudEvent[F]]) -> None:
    """Keep facts, and check what they are about."""
    for some in _chunks(events):
        await _check_all(await transact(partial(_store, some)))


async def follow_engagements(events: Sequence[CloudEvent[EngagementFact]]) -> None:
    """Keep blocks, and check the subjects of engagements that were told otherwise, once those are recorded."""
    steps = EngagementBlocked | EngagementActivated | EngagementCorrected
    await follow([event for event in events if isinstance(event.data, steps)])
    facts = [event.data for event in events]
    touched = await rows_with(Duty, "engagement_id", (fact.engagement_id for fact in facts), fields={"_id": 1})
    firms = {fact.platform for fact in facts} | {fact.partner_uscc for fact in facts if fact.partner_uscc}
    touched += await rows_with(Duty, "people_of", firms, fields={"_id": 1})
    pairs = {
        _pair(fact.platform, fact.partner_uscc)
        for fact in facts
        if fact.partner_uscc != fact.platform and (fact.partner_uscc is not None or fact.dispatched)
    }
    if pairs:
        await transact(partial(_open, pairs))
    # whoever worked through one partner may be told to work through another, or through none
    found = [await find(Duty, _partners_of(platform)) for platform in sorted({fact.platform for fact in facts})]
    pairs |= {one.id for several in found for one in several}
    await _check_all({row["_id"] for row in touched} | pairs)


def _partners_of(platform: str) -> Row:
    """The subjects of a platform's partners that gave a sign."""
    return {"_id": {"$gte": _pair(platform, None), "$lt": f"partner|{platform}}}"}, "leads": {"$ne": []}}


def _pair(platform: str, partner: str | None) -> str:
    """The key of the subject of those who work for a platform through a partner; None: of those dispatched by nobody knows whom."""
    return f"partner|{platform}|{partner or ''}"


async def _open(pairs: Collection[str], tx: Transaction) -> None:
    await tx.load(Duty, pairs)
    for key in sorted(pairs):
        if await Duty.of(key, tx) is None:
            await Duty(id=key, subject="partner").put(tx)


async def look_at_work(days: Collection[Day]) -> None:
    """Check the subjects for whose sake the orders of these workers are watched, once the days are stored."""
    rows = await rows_with(Duty, "watched", (worker for worker, _ in days), fields={"_id": 1})
    await _check_all(row["_id"] for row in rows)


@dataclass(frozen=True, slots=True)
class Look:
    """A subject as it is looked at: what was told of it, its person, and whose orders are watched for it in which spans of days."""

    duty: Duty
    told: Sequence[Told] = ()
    person: Person | None = None
    spans: Sequence[tuple[dt.date, dt.date | None]] = ()
    worker: str | None = None

    @property
    def first(self) -> dt.date:
        return min(first for first, _ in self.spans)

    @property
    def last(self) -> dt.date | None:
        ends = [until for _, until in self.spans if until is not None]
        return max(ends) if len(ends) == len(self.spans) else None


async def _store(events: Sequence[CloudEvent[F]], tx: Transaction) -> set[str]:
    placed = [(place, event) for event in events if (place := rules.place_of(event.data)) is not None]
    await tx.load(Duty, {place.key for place, _ in placed})
    for place, event in placed:
        duty = await Duty.of(place.key, tx) or Duty(
            id=place.key, subject=place.subject, engagement_id=place.engagement_id, people_of=place.people_of
        )
        known = next((one for one in duty.facts if one.slot == place.slot), None)
        if known is not None and (known.at, known.event_id) >= (event.time, event.id):
            continue  # told before, or something later was
        data = msgspec.to_builtins(event.data)
        fresh = Kept(slot=place.slot, name=type(event.data).__name__, at=event.time, event_id=event.id, data=data)
        duty.facts = [*(one for one in duty.facts if one.slot != place.slot), fresh]
        await duty.put(tx)
    cooperations = [event.data for _, event in placed if isinstance(event.data, CooperationFact)]
    pairs = {_pair(one.platform, one.partner) for one in cooperations}
    await tx.load(Duty, pairs)
    for key in sorted(pairs):  # a check of it that has not seen this is run again
        await (await Duty.of(key, tx) or Duty(id=key, subject="partner")).put(tx)
    return {place.key for place, _ in placed} | pairs


async def _check_all(keys: Iterable[str]) -> None:
    for some in _chunks(sorted(set(keys))):
        left: Sequence[str] = some
        # whose orders are watched from now on is looked at once more: some may have come meanwhile
        while left:
            left = await transact(partial(check, left))


async def check(keys: Sequence[str], tx: Transaction) -> list[str]:
    """Check subjects by what is known now; those whose orders are watched only from now on."""
    await tx.load(Duty, keys)
    duties = [duty for key in keys if (duty := await Duty.of(key, tx)) is not None]
    await tx.load(Engagement, {duty.engagement_id for duty in duties if duty.engagement_id is not None})
    looks = [await _look(duty, tx) for duty in duties]
    worked = await _worked(looks, tx)
    results = [(look.duty, (await _found(look, worked, tx), look.worker)) for look in looks]
    signs = {duty.id: [_sign(one) for one in found] for duty, (found, _) in results}
    await tx.load(Lead, {one.lead_id for several in signs.values() for one in several})
    again = []
    for duty, (_, watched) in results:
        ids = [(await raise_lead(one, tx)).id for one in signs[duty.id]]
        for lead_id in sorted(set(duty.leads) - set(ids)):
            await withdraw_lead(lead_id, tx)
        if watched is not None and watched != duty.watched:
            again.append(duty.id)
        if ids or duty.leads or watched != duty.watched or watched is not None:
            duty.leads, duty.watched = sorted({*duty.leads, *ids}), watched
            await duty.put(tx)
    return again


async def _look(duty: Duty, tx: Transaction) -> Look:
    if duty.subject == "partner":
        return Look(duty)
    told = duty.told
    engagement = None if duty.engagement_id is None else await Engagement.of(duty.engagement_id, tx)
    person = _person(engagement)
    spans = rules.spans(duty.subject, told, person)
    return Look(duty, told, person, spans, _worker(engagement, told) if spans else None)


async def _found(look: Look, worked: Mapping[str, Sequence[dt.date]], tx: Transaction) -> list[Found]:
    """The signs of a subject."""
    duty = look.duty
    if duty.subject == "partner":
        return await _without_cooperation(duty, tx)
    wanted = rules.people(duty.subject, look.told)
    days = worked.get(look.worker or "", ())
    around = Around(look.person, wanted is not None and await _anybody(wanted, tx), days)
    return rules.SIGNS[duty.subject](look.told, around)


async def _without_cooperation(duty: Duty, tx: Transaction) -> list[Found]:
    """The sign of people who work through a partner while no cooperation with it is on file."""
    _, platform, partner = duty.id.split("|")
    if not partner:
        nameless: Row = {"platform": platform, "worked": True, "partner": None, "dispatched": True}
        there = await tx.find_one(Engagement, nameless) is not None
        everybody = [People(platform, None, dt.date.min, None)] if there else []
        return rules.SIGNS["partner"]([], Around(without_cooperation=everybody))
    rows = await tx.find(Duty, {"people_of": partner, "subject": "cooperation"})
    told = [
        one
        for row in rows
        for one in row.told
        if isinstance(one.fact, CooperationFact) and one.fact.platform == platform
    ]
    wanted = unrecorded_people(platform, partner, told)
    working = [people for people in wanted if await _anybody(people, tx)]
    return rules.SIGNS["partner"](told, Around(without_cooperation=working))


def _worker(engagement: Engagement | None, told: Sequence[Told]) -> str | None:
    if engagement is not None:
        return f"{engagement.platform}|{engagement.worker_ref}"
    fact = next((one.fact for one in told if isinstance(one.fact, EngagementFact)), None)
    return None if fact is None else f"{fact.platform}|{fact.worker_ref}"


def _person(engagement: Engagement | None) -> Person | None:
    if engagement is None:
        return None
    footings = [(one.since, one.relation) for one in engagement.footings]
    return Person(
        engagement.worker_ref,
        engagement.worker_id,
        engagement.district,
        engagement.ended_on,
        footings,
        bool(engagement.worked),
    )


async def _anybody(wanted: People, tx: Transaction) -> bool:
    """Whether somebody works, or worked, in these days through an enterprise and, it may be, a partner firm."""
    query: Row = {"platform": wanted.platform, "worked": True}
    if wanted.partner is not None:
        query["partner"] = wanted.partner
    if wanted.until is not None:
        query["started_on"] = {"$lte": wanted.until}
    query["$or"] = [{"ended_on": None}, {"ended_on": {"$gte": wanted.since}}]
    return await tx.find_one(Engagement, query) is not None


async def _worked(looks: Sequence[Look], tx: Transaction) -> dict[str, list[dt.date]]:
    """The days on which workers did orders, at least those in the spans that are looked at.

    They are read together where the spans begin and end in the same months: nobody's years are read for the sake of another.
    """
    together: defaultdict[tuple[str, str], list[Look]] = defaultdict(list)
    for look in looks:
        if look.worker is not None:
            together[f"{look.first:%Y-%m}", f"{look.last:%Y-%m}" if look.last else ""].append(look)
    found: defaultdict[str, set[dt.date]] = defaultdict(set)
    for several in together.values():
        ends = [look.last for look in several if look.last is not None]
        day = {"$gte": min(look.first for look in several).isoformat()} | ({"$lte": f"{max(ends)}"} if ends else {})
        workers = {look.worker for look in several if look.worker is not None}
        for row in await rows_with(WorkDay, "worker", workers, tx, fields={"worker": 1, "day": 1, "spans": 1}, day=day):
            if any(not part.startswith(f"{ONLINE}|") for part in row["spans"]):
                found[row["worker"]].add(dt.date.fromisoformat(row["day"]))
    return {worker: sorted(days) for worker, days in found.items()}


def _sign(found: Found) -> Sign:
    return Sign(
        about=found.about,
        platform=found.platform,
        worker_ref=found.worker_ref,
        worker_id=found.worker_id,
        district=found.district,
        finding=found.finding,
        events=tuple(sorted({one.event_id for one in found.rests_on})),
        used=found.used,
        to_judge=found.to_judge,
    )


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while some := list(islice(rest, AT_ONCE)):
        yield some

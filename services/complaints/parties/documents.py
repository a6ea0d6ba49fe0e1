"""Copies of the registry's facts, as far as complaints needs them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Self

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.parties.account_rules import Behind, of_day
from services.complaints.parties.rules import Footing
from shared.contracts.platform import Industry, Relation
from shared.storage.records import Keyed, Record, find
from shared.storage.transaction import IDS_AT_ONCE, Transaction


class FootingSince(BaseModel):
    """The day from which a footing holds."""

    since: dt.date
    relation: Relation


class Engagement(Record):
    """Who works through which platform, on which footings. Its id is the engagement's own; `version` is the registry's.

    What was recorded by earlier versions has no days and no footings until the registry tells it again.
    `worked`: the person may work, or might on a day up to the last one; None where it was recorded by an earlier version.
    """

    version: int
    platform: str
    worker_ref: str
    worker_id: str
    industry: Industry
    happened_at: dt.datetime
    started_on: dt.date | None = None
    ended_on: dt.date | None = None
    district: str | None = None
    partner: str | None = None
    dispatched: bool = False
    worked: bool | None = None
    part_time: bool = False
    footings: list[FootingSince] = []

    class Settings:
        name = "engagements"
        indexes = [
            IndexModel([("platform", ASCENDING), ("worker_ref", ASCENDING)]),
            IndexModel([("worker_id", ASCENDING), ("platform", ASCENDING), ("worker_ref", ASCENDING)]),
            IndexModel([("platform", ASCENDING), ("worked", ASCENDING), ("district", ASCENDING)]),
            IndexModel([("partner", ASCENDING), ("worked", ASCENDING), ("district", ASCENDING)]),
        ]

    @property
    def parties(self) -> str:
        """Who works for whom: the person, and the platform or the partner firm that employs them."""
        return f"{self.worker_id}|{self.partner or self.platform}"

    @property
    def behind(self) -> Behind:
        """As the rules see it, behind its reference."""
        return Behind(
            engagement_id=self.id,
            worker=f"{self.platform}|{self.worker_ref}",
            person=self.worker_id,
            employer=self.partner or self.platform,
            started_on=self.started_on,
            ended_on=self.ended_on,
            happened_at=self.happened_at,
            footings=tuple(footings_of([self])),
        )

    @property
    def stretches(self) -> list[tuple[dt.date, dt.date | None, Relation]]:
        """From which to which day each footing holds; the last day is None while it goes on."""
        found: list[tuple[dt.date, dt.date | None, Relation]] = []
        for place, one in enumerate(self.footings):
            after = self.footings[place + 1].since - dt.timedelta(1) if place + 1 < len(self.footings) else None
            last = min((day for day in (after, self.ended_on) if day is not None), default=None)
            if last is None or one.since <= last:
                found.append((one.since, last, one.relation))
        return found

    @classmethod
    async def worker_behind(cls, platform: str, worker_ref: str, tx: Transaction | None = None) -> str | None:
        """The id of a platform's worker, or None while no event of the registry says who it is."""
        wanted = {"platform": platform, "worker_ref": worker_ref}
        found = await find(cls, wanted, tx)
        return max(found, key=lambda one: one.happened_at).worker_id if found else None

    @classmethod
    async def of_workers(
        cls, workers: Iterable[str], tx: Transaction | None = None, **more: Any
    ) -> dict[str, list[Self]]:
        """The engagements of platforms' workers (`<platform>|<worker_ref>`) that fit, the one told of last at the end."""
        refs: defaultdict[str, set[str]] = defaultdict(set)
        for worker in workers:
            platform, _, ref = worker.partition("|")
            refs[platform].add(ref)
        found: defaultdict[str, list[Self]] = defaultdict(list)
        for platform, several in refs.items():
            left = sorted(several)
            while left:
                some, left = left[:IDS_AT_ONCE], left[IDS_AT_ONCE:]
                for one in await find(cls, {"platform": platform, "worker_ref": {"$in": some}, **more}, tx):
                    found[f"{platform}|{one.worker_ref}"].append(one)
        for engagements in found.values():
            engagements.sort(key=lambda one: (one.happened_at, one.id))
        return found

    @classmethod
    async def between(cls, worker_id: str, platform: str, tx: Transaction) -> list[Self]:
        """The engagements of one person with one platform."""
        return await tx.find(cls, {"worker_id": worker_id, "platform": platform})


def footings_of(engagements: Iterable[Engagement]) -> list[Footing]:
    """The footings that engagements were on, and from which to which day."""
    return [
        Footing(
            first=first,
            last=last,
            relation=relation,
            part_time=engagement.part_time and relation == "employment",
            parties=engagement.parties,
        )
        for engagement in engagements
        for first, last, relation in engagement.stretches
    ]


def whose(engagements: Iterable[Engagement], day: dt.date) -> Engagement | None:
    """Of the engagements behind one reference of a platform the one whose it is on a day."""
    return of_day((((one.started_on or dt.date.min, one.happened_at, one.id), one) for one in engagements), day)


class Moved(Keyed):
    """A person of whom a platform's worker has become known to be them or not; its id is `worker_id`.

    It waits for what was reckoned of the person to be reckoned anew.
    """

    times: int
    """Counted up each time, so that who removes it meets whoever sets it again."""

    class Settings:
        name = "moved_workers"


class ErasedWorker(Record):
    """That what identifies a person was removed; its id is theirs. Nobody applies against them any more."""

    class Settings:
        name = "erased_workers"


class Enterprise(Record):
    """An enterprise by its unified social credit code. `told_at` is the time of the event; `listed_until` is the last day that
    it is on the list of those who have seriously broken trust, by whichever of its `listings` (the last day of each by its id)."""

    name: str = ""
    industries: list[Industry]
    told_at: dt.datetime
    listed_until: dt.date | None = None
    listings: dict[str, dt.date] = {}

    class Settings:
        name = "enterprises"

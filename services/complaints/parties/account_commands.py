"""Read whose platforms' references are, with the other accounts of the same people there."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from services.complaints.parties import account_rules
from services.complaints.parties.account_rules import Account, Behind, Circle, circles, persons_in
from services.complaints.parties.documents import Engagement
from shared.storage.records import find
from shared.storage.transaction import IDS_AT_ONCE, Transaction

ENGAGEMENTS_EACH: Final = 10
"""Engagements of a person at a platform that are read for together with those of others: most people have one or two."""

PersonAt = tuple[str, str]
"""A platform, and a person who works through it."""


class Accounts:
    """The engagements behind references, and behind all that the same people have at the same platform. `crowded`: people who have
    more references there than are reckoned together, with the first of these."""

    def __init__(
        self, engagements: Mapping[str, list[Engagement]], crowded: Mapping[PersonAt, Sequence[str]] | None = None
    ) -> None:
        self.engagements, self.crowded = engagements, crowded or {}
        self._behind = {worker: [one.behind for one in several] for worker, several in engagements.items()}
        self._accounts_of: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for worker, behind in self._behind.items():
            for one in behind:
                self._accounts_of[_platform(worker), one.person].add(worker)
        self._circles: dict[tuple[str, str], list[Circle]] = {}

    def of(self, worker: str) -> list[Circle]:
        """For each person whose a reference was, the accounts that are one with it; one of nobody where no engagement is known."""
        found = (self._of_person(worker, person) for person in sorted({one.person for one in self.behind(worker)}))
        return [one for one in found if one is not None] or [nobody(worker)]

    def between(self, worker: str, first: dt.date, last: dt.date) -> Circle | None:
        """The accounts that are one with a reference on some days; None where it named several people on them."""
        persons = persons_in(self.behind(worker), first, last)
        if len(persons) > 1:
            return None
        return (self._of_person(worker, persons[0]) if persons else None) or nobody(worker)

    def behind(self, worker: str) -> list[Behind]:
        return self._behind.get(worker, [])

    def _of_person(self, worker: str, person: str) -> Circle | None:
        at = _platform(worker), person
        if at in self.crowded:
            return next((replace(one, left_out=True) for one in circles(self._behind[worker], person)), None)
        if at not in self._circles:
            theirs = [one for other in sorted(self._accounts_of[at]) for one in self._behind[other]]
            self._circles[at] = circles(theirs, person)
        return next((one for one in self._circles[at] if worker in one.accounts), None)


def nobody(worker: str) -> Circle:
    """A reference of which nobody says whose it is: an account by itself."""
    return Circle(None, (Account(worker),))


async def accounts_of(workers: Iterable[str], tx: Transaction | None = None) -> Accounts:
    """Whose references (`<platform>|<worker_ref>`) are, with the other accounts of these people at the platform of each: none of
    whoever has too many there."""
    wanted = set(workers)
    engagements = await Engagement.of_workers(wanted, tx)
    persons_at: defaultdict[str, set[str]] = defaultdict(set)
    for several in engagements.values():
        for one in several:
            persons_at[one.platform].add(one.worker_id)
    references = await _references(persons_at, tx)
    crowded = {at: several for at, several in references.items() if len(several) > account_rules.MOST_ACCOUNTS}
    others = {one for at, several in references.items() if at not in crowded for one in several} - wanted
    if others:
        engagements |= await Engagement.of_workers(others, tx)
    return Accounts(engagements, crowded)


async def with_other_accounts(workers: Iterable[str], tx: Transaction | None = None) -> set[str]:
    """References, and those that the same people have at the same platform: what is told of one may make a difference to all. Of who
    has too many there, as many as were reckoned together until there was one more."""
    wanted = set(workers)
    accounts = await accounts_of(wanted, tx)
    return wanted.union(accounts.engagements, *accounts.crowded.values())


async def workers_of(person: str, tx: Transaction | None = None) -> set[str]:
    """The references that are a person's, or were; of a platform with too many of them as many as are reckoned together."""
    found: set[str] = set()
    platform = ""
    while one := await _next(person, "platform", platform, {}, tx):
        platform = one.platform
        found.update(await _references_of(person, platform, tx))
    return found


async def _references(persons_at: Mapping[str, Iterable[str]], tx: Transaction | None) -> dict[PersonAt, Sequence[str]]:
    """The references of people at platforms, in order; of each at most one more than are reckoned together, however many there are."""
    found: dict[PersonAt, Sequence[str]] = {}
    for platform, persons in persons_at.items():
        left: Sequence[str] = sorted(persons)
        while left:
            some, left = left[:IDS_AT_ONCE], left[IDS_AT_ONCE:]
            most = ENGAGEMENTS_EACH * len(some) + account_rules.MOST_ACCOUNTS
            wanted = {"worker_id": {"$in": list(some)}, "platform": platform}
            rows = await find(Engagement, wanted, tx, limit=most)
            for person in some:
                found[platform, person] = (
                    _names(one for one in rows if one.worker_id == person)
                    if len(rows) < most
                    else await _references_of(person, platform, tx)
                )
    return found


async def _references_of(person: str, platform: str, tx: Transaction | None) -> Sequence[str]:
    """The same of one person at one platform: read one by one where their engagements are many, as these may be behind few."""
    most = account_rules.MOST_ACCOUNTS + 1
    rows = await find(Engagement, {"worker_id": person, "platform": platform}, tx, limit=most)
    if len(rows) < most:
        return _names(rows)
    found: list[Engagement] = []
    while len(found) < most:
        after = found[-1].worker_ref if found else ""
        one = await _next(person, "worker_ref", after, {"platform": platform}, tx)
        if one is None:
            break
        found.append(one)
    return _names(found)


async def _next(
    person: str, field: str, after: str, same: Mapping[str, str], tx: Transaction | None
) -> Engagement | None:
    """The person's engagement with the next value of a field."""
    wanted = {"worker_id": person, **same, field: {"$gt": after}}
    return next(iter(await find(Engagement, wanted, tx, sort=field, limit=1)), None)


def _names(engagements: Iterable[Engagement]) -> Sequence[str]:
    return sorted({one.behind.worker for one in engagements})


def _platform(worker: str) -> str:
    return worker.partition("|")[0]

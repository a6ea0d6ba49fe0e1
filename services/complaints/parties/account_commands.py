"""Read whose platforms' references are, with the other accounts of the same people there."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from services.complaints.parties.account_rules import Account, Behind, Circle, circles, persons_in
from services.complaints.parties.documents import Engagement
from shared.storage.records import find
from shared.storage.transaction import IDS_AT_ONCE, Transaction


class Accounts:
    """The engagements behind references, and behind all that the same people have at the same platform."""

    def __init__(self, engagements: Mapping[str, list[Engagement]]) -> None:
        self.engagements = engagements
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
        if at not in self._circles:
            theirs = [one for other in sorted(self._accounts_of[at]) for one in self._behind[other]]
            self._circles[at] = circles(theirs, person)
        return next((one for one in self._circles[at] if worker in one.accounts), None)


def nobody(worker: str) -> Circle:
    """A reference of which nobody says whose it is: an account by itself."""
    return Circle(None, (Account(worker),))


async def accounts_of(workers: Iterable[str], tx: Transaction | None = None) -> Accounts:
    """Whose references (`<platform>|<worker_ref>`) are, with the other accounts of these people at the platform of each."""
    wanted = set(workers)
    engagements = await Engagement.of_workers(wanted, tx)
    persons_at: defaultdict[str, set[str]] = defaultdict(set)
    for several in engagements.values():
        for one in several:
            persons_at[one.platform].add(one.worker_id)
    others = {one.behind.worker for one in await _of_persons(persons_at, tx)} - wanted
    if others:
        engagements |= await Engagement.of_workers(others, tx)
    return Accounts(engagements)


async def with_other_accounts(workers: Iterable[str], tx: Transaction | None = None) -> set[str]:
    """References, and those that the same people have at the same platform: what is told of one may make a difference to all."""
    wanted = set(workers)
    return wanted | set((await accounts_of(wanted, tx)).engagements)


async def workers_of(person: str, tx: Transaction | None = None) -> set[str]:
    """The references that are a person's, or were."""
    return {one.behind.worker for one in await find(Engagement, {"worker_id": person}, tx)}


async def _of_persons(persons_at: Mapping[str, Iterable[str]], tx: Transaction | None) -> list[Engagement]:
    found: list[Engagement] = []
    for platform, persons in persons_at.items():
        left: Sequence[str] = sorted(persons)
        while left:
            some, left = left[:IDS_AT_ONCE], left[IDS_AT_ONCE:]
            found += await find(Engagement, {"worker_id": {"$in": list(some)}, "platform": platform}, tx)
    return found


def _platform(worker: str) -> str:
    return worker.partition("|")[0]

"""Whose a platform's reference is on a day, and which references of one person are one account.

A platform may give one person several references, and the reference of who has left to somebody else. What is owed is owed to a person
by an employer (劳动法 art. 41, 48; 人社厅发〔2023〕50号), however many accounts it is told in. So accounts of a person at a platform
are one where an employer is behind both, and they are on no day on different footings or with different employers. Where they are,
each is held to what its own footing calls for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from services.complaints.parties.rules import Footing, held_on

_DAY: Final = dt.timedelta(1)
T = TypeVar("T")

Begin = tuple[dt.date, dt.datetime, str]
"""Where an engagement stands among those behind a reference: its first day, when it was told of, and its id."""

MOST_ACCOUNTS: Final = 50
"""References of one person at a platform that are reckoned together. Who changes phone, city or trade has a few in years; a platform
that gives out more of them names no people by them, and each further one would have all of them reckoned anew. Ours, not the law's."""

Days = tuple[dt.date, dt.date]
"""A first and a last day."""
ALWAYS: Final[Days] = (dt.date.min, dt.date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """An engagement behind a reference (`worker`: `<platform>|<worker_ref>`): of which person, and on which footings."""

    engagement_id: str
    worker: str
    person: str
    employer: str
    started_on: dt.date | None
    ended_on: dt.date | None
    happened_at: dt.datetime
    footings: tuple[Footing, ...] = ()

    @property
    def first(self) -> dt.date:
        """The first day; the earliest where a copy of the past has none."""
        return self.started_on or dt.date.min

    @property
    def began(self) -> Begin:
        return self.first, self.happened_at, self.engagement_id


@dataclass(frozen=True, slots=True)
class Account:
    """A reference, the days on which it is a person's, and the footings on which it was on those days."""

    worker: str
    days: tuple[Days, ...] = (ALWAYS,)
    footings: tuple[Footing, ...] = ()

    def names_on(self, day: dt.date) -> bool:
        """Whether the reference is the person's on a day."""
        return any(first <= day <= last for first, last in self.days)


@dataclass(frozen=True, slots=True)
class Circle:
    """The references that are one account of a person, in order. `person`: None while nobody says whose the reference is. `left_out`:
    they have more references at the platform than `MOST_ACCOUNTS`, each of which is by itself: somebody must put them together."""

    person: str | None
    held: tuple[Account, ...]
    left_out: bool = False

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(one.worker for one in self.held)

    @property
    def footings(self) -> tuple[Footing, ...]:
        return tuple(footing for one in self.held for footing in one.footings)

    def account(self, worker: str) -> Account:
        return next(one for one in self.held if one.worker == worker)


def in_turn(behind: Iterable[Behind]) -> list[Behind]:
    """The engagements behind a reference, by when they began."""
    return sorted(behind, key=lambda one: one.began)


def of_day(began: Iterable[tuple[Begin, T]], day: dt.date) -> T | None:
    """Of what began in turn that which began last by a day, else the first: so of the engagements behind a reference the one whose
    the reference is then."""
    ordered = sorted(began, key=lambda one: one[0])
    by_then = [one for (first, _, _), one in ordered if first <= day]
    return next(iter(by_then[-1:] or [one for _, one in ordered[:1]]), None)


def holders(behind: Iterable[Behind]) -> list[tuple[str, Days]]:
    """Whose a reference is, from which to which day: of the engagement that began last by then, before all of the first one."""
    ordered = in_turn(behind)
    found: list[tuple[str, Days]] = []
    for place, one in enumerate(ordered):
        begin = dt.date.min if place == 0 else one.first
        following = ordered[place + 1].first if place + 1 < len(ordered) else None
        if following is not None and following <= begin:
            continue  # another one began on the same day and was told of later
        end = dt.date.max if following is None else following - _DAY
        if found and found[-1][0] == one.person:
            found[-1] = one.person, (found[-1][1][0], end)
        else:
            found.append((one.person, (begin, end)))
    return found


def days_of(person: str, behind: Iterable[Behind]) -> tuple[Days, ...]:
    """The days on which a reference is a person's."""
    return tuple(days for whose, days in holders(behind) if whose == person)


def persons_in(behind: Sequence[Behind], first: dt.date, last: dt.date) -> list[str]:
    """Who was engaged under a reference on some of these days, in turn; where nobody was, whose it is on the last one."""
    held = holders(behind)
    met = {
        whose: begin
        for whose, (begin, end) in reversed(held)
        for one in behind
        if one.person == whose and max(begin, one.first, first) <= min(end, one.ended_on or dt.date.max, last)
    }
    if met:
        return sorted(met, key=lambda whose: met[whose])
    return [whose for whose, (begin, end) in held if begin <= last <= end]


def circles(behind: Iterable[Behind], person: str) -> list[Circle]:
    """The accounts of a person at one platform. `behind`: all engagements behind each reference that was ever theirs."""
    of_each: dict[str, list[Behind]] = {}
    for one in behind:
        of_each.setdefault(one.worker, []).append(one)
    found: list[list[Account]] = []
    employers: dict[str, set[str]] = {}
    for worker, several in sorted(of_each.items()):
        days = days_of(person, several)
        own = [one for one in in_turn(several) if one.person == person]
        if not days or not own:
            continue
        employers[worker] = {one.employer for one in own}
        account = Account(worker, days, _within(days, (footing for one in own for footing in one.footings)))
        for circle in found:
            shared = any(employers[worker] & employers[other.worker] for other in circle)
            if shared and not any(_differ(account.footings, other.footings) for other in circle):
                circle.append(account)
                break
        else:
            found.append([account])
    return [Circle(person, tuple(circle)) for circle in found]


def key_of(circle: Circle, worker: str, month: str, last: dt.date, behind: Sequence[Behind]) -> str:
    """What a sign of a month of a reference is about: the reference and the month where it is the person's on its `last` day; else the
    engagement too, by which it was theirs before."""
    if circle.person is None or circle.account(worker).names_on(last):
        return f"{worker}|{month}"
    own = [one for one in in_turn(behind) if one.person == circle.person]
    by_then = [one for one in own if one.first <= last]
    return f"{worker}|{month}|{(by_then or own[:1])[-1].engagement_id}"


def keys_of(circle: Circle, worker: str, month: str, last: dt.date, behind: Sequence[Behind]) -> list[str]:
    """What signs of a month of a reference may be about, as far as they are this person's."""
    own = [one.engagement_id for one in behind if one.person == circle.person] if len(behind) > 1 else []
    return sorted({key_of(circle, worker, month, last, behind), *(f"{worker}|{month}|{one}" for one in own)})


def keys_behind(worker: str, month: str, behind: Sequence[Behind]) -> list[str]:
    """What signs of a month of a reference may be about, whosever it is or was: with one engagement it was never anybody else's."""
    ids = [one.engagement_id for one in behind] if len(behind) > 1 else []
    return [f"{worker}|{month}", *(f"{worker}|{month}|{one}" for one in ids)]


def _within(days: Sequence[Days], footings: Iterable[Footing]) -> tuple[Footing, ...]:
    """The parts of footings that lie on some days."""
    found = []
    for footing in footings:
        for first, last in days:
            begin, end = max(first, footing.first), min(last, footing.last or dt.date.max)
            if begin <= end:
                until = None if end == dt.date.max else end
                found.append(replace(footing, first=begin, last=until))
    return tuple(found)


def _differ(one: Sequence[Footing], other: Sequence[Footing]) -> bool:
    """Whether two accounts are on different footings, or with different employers, on some day."""
    turns = {day for footing in (*one, *other) for day in (footing.first, footing.last and footing.last + _DAY)}
    for day in turns:
        if day is None:
            continue
        here, there = held_on(one, day), held_on(other, day)
        if here is not None and there is not None and _terms(here) != _terms(there):
            return True
    return False


def _terms(held: Footing) -> tuple[str, bool, str | None]:
    return held.relation, held.part_time, held.parties

"""What the rules of duties read and give back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from shared.contracts.base import Fact
from shared.contracts.complaints.leads import Finding
from shared.contracts.platform import Relation
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it was told last, when, and by which event."""

    fact: Fact
    at: dt.datetime
    event_id: str

    @property
    def day(self) -> dt.date:
        return shanghai_date(self.at)


@dataclass(frozen=True, slots=True)
class Person:
    """Whose engagement a subject is about, as the registry tells it. `worked`: they may work, or might on a day before."""

    worker_ref: str
    worker_id: str
    district: str | None
    ended_on: dt.date | None
    footings: Sequence[tuple[dt.date, Relation]]
    worked: bool = True


@dataclass(frozen=True, slots=True)
class People:
    """Whose work matters: that of people through an enterprise and, it may be, a partner firm, within days."""

    platform: str
    partner: str | None
    since: dt.date
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Around:
    """What else is known: the person, whether those of `People` work, the days on which the person did orders, and the people
    who work through a partner without a cooperation on file."""

    person: Person | None = None
    people: bool = False
    worked: Collection[dt.date] = ()
    without_cooperation: Sequence[People] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A sign: what it is about and whose it is, its arithmetic, and what a person must judge."""

    about: str
    platform: str
    district: str
    finding: Finding
    rests_on: Sequence[Told]
    used: Sequence[Used] = ()
    to_judge: Sequence[str] = ()
    worker_ref: str | None = None
    worker_id: str | None = None


def last(told: Iterable[Told], kind: type[F]) -> tuple[F, Told] | None:
    """The fact of a kind that was told last."""
    some = [(one.fact, one) for one in told if isinstance(one.fact, kind)]
    return max(some, key=lambda pair: (pair[1].at, pair[1].event_id), default=None)


def every(told: Iterable[Told], kind: type[F]) -> list[tuple[F, Told]]:
    """The facts of a kind, by time."""
    some = [(one.fact, one) for one in told if isinstance(one.fact, kind)]
    return sorted(some, key=lambda pair: (pair[1].at, pair[1].event_id))


def after(one: Told, other: Told) -> bool:
    return (one.at, one.event_id) > (other.at, other.event_id)

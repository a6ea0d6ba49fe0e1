"""What a cooperation demands of a partner, how it stands, and how many of an employer's people may be dispatched.

A cooperation moves only along this table; `lose` is told again where something else is missing than before.

| state      | lose         | regain     | end     |
|------------|--------------|------------|---------|
| licensed   | → unlicensed | no         | → ended |
| unlicensed | → unlicensed | → licensed | → ended |
| ended      | no           | no         | no      |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, NamedTuple

from services.registry.licences.rules import Held, missing, missing_since
from shared.contracts.platform import Industry, Relation
from shared.contracts.registry import EnterpriseKind, LicenceKind
from shared.policy.parameters import Law

State = Literal["licensed", "unlicensed", "ended"]
Move = Literal["lose", "regain", "end"]
Form = Literal["outsourcing", "dispatch"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("licensed", "lose"): "unlicensed",
    ("licensed", "end"): "ended",
    ("unlicensed", "lose"): "unlicensed",
    ("unlicensed", "regain"): "licensed",
    ("unlicensed", "end"): "ended",
}

PARTNER_KIND: Final[Mapping[Form, EnterpriseKind]] = {"outsourcing": "partner", "dispatch": "dispatch_agency"}
"""What a partner must be on file as."""

DEMANDABLE: Final[tuple[LicenceKind, ...]] = (
    "business",
    "courier",
    "road_transport",
    "ride_hailing",
    "labour_dispatch",
)
"""The kinds of licence that some cooperation demands, each by a dated parameter `licence.<kind>`."""


class NotAllowed(Exception):
    """The state of the cooperation forbids this."""

    def __init__(self, state: State) -> None:
        self.state = state
        super().__init__(state)


class Lack(NamedTuple):
    """What a partner lacks, and the first legal day without it."""

    kinds: tuple[LicenceKind, ...]
    since: dt.date


def after(state: State, move: Move) -> State:
    """The state that a move leads to; raises NotAllowed."""
    try:
        return MOVES[state, move]
    except KeyError:
        raise NotAllowed(state) from None


def demanded(form: Form, law: Law) -> tuple[LicenceKind, ...]:
    """The licences that a partner needs for a form of cooperation, in the industry of the law's scope.

    Raises MissingParameter on a day of which the law is not known.
    """
    return tuple(kind for kind in DEMANDABLE if form in law.texts(f"licence.{kind}"))


def lack(form: Form, industry: Industry, held: Sequence[Held], day: dt.date, begin: dt.date, law: Law) -> Lack | None:
    """What a partner lacks on a legal day for a cooperation that began on `begin`; None where it lacks nothing."""
    kinds = demanded(form, law)
    since = missing_since(kinds, held, industry, day, begin)
    return None if since is None else Lack(missing(kinds, held, industry, day), since)


def overlap(begin: dt.date, end: dt.date | None, other_begin: dt.date, other_end: dt.date | None) -> bool:
    """Whether two stretches of legal days, both ends included, have a day in common; no end: for good."""
    return max(begin, other_begin) <= min(end or dt.date.max, other_end or dt.date.max)


class Work(NamedTuple):
    """One person's work through an employer's platform, on both legal days and between.

    `footings`: by the day from which each holds, the earliest first.
    """

    worker_id: str
    footings: tuple[tuple[dt.date, Relation], ...]
    dispatched: bool
    partner_uscc: str | None
    started_on: dt.date
    ended_on: dt.date | None

    def employed(self, day: dt.date) -> bool:
        """Whether it stands on a labour contract with the employer itself, by the footing that holds on a day."""
        begun = [relation for since, relation in self.footings if since <= day]
        return self.partner_uscc is None and begun[-1:] == ["employment"]


@dataclass(frozen=True, slots=True)
class Share:
    """The dispatched among an employer's people, in persons; the limit in per cent."""

    dispatched: int
    employed: int
    limit: Decimal

    @property
    def percent(self) -> Decimal:
        """Of a hundred people, to one decimal; 0 where there are none."""
        total = self.dispatched + self.employed
        exact = Decimal(100 * self.dispatched) / total if total else Decimal(0)
        return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def exceeded(self) -> bool:
        return 100 * self.dispatched > self.limit * (self.dispatched + self.employed)


def share(people: Iterable[Work], day: dt.date, law: Law) -> Share:
    """The dispatch share of an employer on a legal day (劳务派遣暂行规定 art. 4).

    All people are those with a labour contract of its own and those dispatched to it. Whoever works for a partner in another
    way is the partner's; a person with several engagements counts once, as dispatched where any of them is.
    """
    there = [work for work in people if work.started_on <= day and (work.ended_on is None or day <= work.ended_on)]
    dispatched = {work.worker_id for work in there if work.dispatched}
    own = {work.worker_id for work in there if work.employed(day)}
    return Share(len(dispatched), len(own - dispatched), law.amount("dispatch.max_percent"))

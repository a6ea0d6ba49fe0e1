"""The days on which a person's engagements insure them, as segments: by whom, in which scheme, from when to when.

Which scheme a footing gives, and to which trades the occupational one is open, are dated parameters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from services.insurance.engagements.rules import DAY, DatedFooting, Relation, Span, spans
from services.insurance.outlets.rules import OutletTerms
from shared.contracts.insurance import Scheme
from shared.policy.parameters import Law, MissingParameter, Parameters, parameters

Basis = Literal["employer", "outlet", "platform"]

COVER: Final = "footing.cover"
TRADES: Final = "oip.industries"
PLATFORMS: Final = "oip.platforms"


@dataclass(frozen=True, slots=True)
class Segment:
    """One person's insurance by one unit (its credit code) on legal days, both included; `ends_on` null: no end yet."""

    scheme: Scheme
    basis: Basis
    worker_id: str
    unit: str
    starts_on: dt.date
    ends_on: dt.date | None

    @property
    def span(self) -> Span:
        return Span(self.starts_on, self.ends_on)

    @property
    def never(self) -> Segment:
        """The same, ended the day before it began: it covers no day."""
        return replace(self, ends_on=self.starts_on - DAY)

    def is_same_as(self, other: Segment) -> bool:
        """Whether the two differ in nothing but their end."""
        return replace(self, ends_on=None) == replace(other, ends_on=None)


@dataclass(frozen=True, slots=True)
class Engaged:
    """What of an engagement decides on insurance. `activated`: the person was ever let to work.

    `worker_ref`: the platform's own id of the person, who may have several. `outlet_only`: the person works for the outlet
    itself and takes no platform's orders. `industry` null: nobody has told it. `partner`: the firm that dispatches the person,
    or the partner firm or outlet through which they work.
    """

    id: str
    worker_id: str
    platform: str
    started_on: dt.date
    ended_on: dt.date | None
    footings: Sequence[DatedFooting]
    activated: bool
    outlet: OutletTerms | None = None
    outlet_only: bool = False
    worker_ref: str = ""
    industry: str | None = None
    partner: str | None = None


def scheme_of(relation: Relation, industry: str | None, law: Law) -> Scheme | None:
    """The scheme that a footing gives in a trade on the law's day; None where no law gives one.

    Records at the law what it rests on. A trade that nobody has told counts as one that the scheme is open to.
    """
    try:
        if law.at(footing=relation).text(COVER) == "work_injury":
            return "work_injury"
        return "occupational_injury" if industry in (None, *law.texts(TRADES)) else None
    except MissingParameter:
        return None  # before the scheme


def scheme_days(relation: Relation, industry: str | None) -> tuple[tuple[Span, Scheme], ...]:
    """The legal days on which a footing gives a scheme in a trade, by day."""
    return _scheme_days(relation, industry, parameters)


@cache
def _scheme_days(relation: Relation, industry: str | None, book: Parameters) -> tuple[tuple[Span, Scheme], ...]:
    rows = [row for parameter in book if parameter.key in (COVER, TRADES) for row in parameter.rows]
    turns = sorted({row.valid_from for row in rows} | {row.valid_to + DAY for row in rows if row.valid_to})
    found: list[tuple[Span, Scheme]] = []
    for first, following in zip(turns, [*turns[1:], None], strict=True):
        scheme = scheme_of(relation, industry, book.on(first))
        if scheme is None:
            continue
        last = following - DAY if following else None
        if found and found[-1][1] == scheme and found[-1][0].last == first - DAY:
            found[-1] = (Span(found[-1][0].first, last), scheme)
        else:
            found.append((Span(first, last), scheme))
    return tuple(found)


def is_listed(name: str | None, law: Law) -> bool:
    """Whether a platform's name is on the law's day that of one admitted to the occupational scheme, by its trade name.

    Where it is not, the province is asked all the same: its own list decides, which nobody here has seen.
    """
    try:
        return name is not None and any(one in name for one in law.texts(PLATFORMS))
    except MissingParameter:
        return False


def segments(engagements: Iterable[Engaged]) -> dict[str, tuple[Segment, ...]]:
    """The insurance that one person's engagements, all of them, give: for each engagement its segments by day.

    A labour relation gives work-injury insurance by the employer; any other footing occupational-injury cover by the
    platform in the trades that it is open to (办法（试行） art. 2; 95 号 art. 8), or through a courier outlet work-injury
    insurance of its own kind, except on days on which an employer insures the person already (人社厅发〔2021〕101 号). Whoever
    was never let to work is not insured.
    On no day does one unit insure a person twice in one scheme: of two engagements the one that began first does, and of
    two of the same day that of the first reference.
    """
    ordered = sorted((one for one in engagements if one.activated), key=_rank)
    employed = _employed(ordered)
    taken: dict[tuple[str, Scheme], list[Span]] = {}
    found: dict[str, tuple[Segment, ...]] = {}
    for one in ordered:
        free = [
            replace(segment, starts_on=span.first, ends_on=span.last)
            for segment in _alone(one, employed)
            for span in segment.span.minus(taken.get((segment.unit, segment.scheme), ()))
        ]
        found[one.id] = _joined(free)
        for segment in found[one.id]:
            taken.setdefault((segment.unit, segment.scheme), []).append(segment.span)
    return found


def excluded(one: Engaged, everything: Iterable[Engaged], today: dt.date) -> dt.date | None:
    """Since when no scheme takes in the work through an engagement that goes on today; None where one does, or employs.

    `everything`: all engagements of the person.
    """
    footings = spans(one.footings, one.ended_on)
    if not footings or not one.activated or one.outlet_only:
        return None
    relation, span = footings[-1]
    if relation == "employment" or (span.last is not None and span.last < today):
        return None
    insured = [segment.span for segment in _alone(one, _employed(everything))]
    left = span.minus(insured)
    return left[-1].first if left and left[-1].last == span.last else None


def _employed(engagements: Iterable[Engaged]) -> list[Span]:
    return [
        span
        for one in engagements
        if one.activated
        for relation, span in spans(one.footings, one.ended_on)
        if relation == "employment"
    ]


def _rank(one: Engaged) -> tuple[dt.date, str, str, str]:
    # by what platforms tell; ids follow the order in which engagements became known
    return one.started_on, one.platform, one.worker_ref, one.id


def _alone(one: Engaged, employed: Sequence[Span]) -> list[Segment]:
    """An engagement's segments, were it the person's only one, except for the days of employment anywhere."""
    found: list[Segment] = []
    for relation, span in spans(one.footings, one.ended_on):
        outlet_days: list[Span] = []
        if relation != "employment" and one.outlet is not None and (through := span.common(one.outlet.span)):
            outlet_days = through.minus(employed)
            found += [_segment(one, "work_injury", "outlet", one.outlet.insurer, days) for days in outlet_days]
        if one.outlet_only:
            continue
        for days, scheme in _in_schemes(one, relation, span):
            if relation == "employment":
                found += [_segment(one, scheme, "employer", unit, part) for part, unit in _employers(one, days)]
            else:
                parts = days.minus(outlet_days)
                found += [_segment(one, scheme, "platform", one.platform, part) for part in parts]
    return found


def _in_schemes(one: Engaged, relation: Relation, span: Span) -> list[tuple[Span, Scheme]]:
    days = [(span.common(whole), scheme) for whole, scheme in scheme_days(relation, one.industry)]
    return [(part, scheme) for part, scheme in days if part is not None]


def _employers(one: Engaged, span: Span) -> list[tuple[Span, str]]:
    """Who employs the person on which days: whoever dispatches them, or the partner firm, else the platform.

    Whoever dispatches is the employer (劳动合同法 art. 58). An outlet that is only filed cannot be one: the enterprise that it
    belongs to bears an employer's duties (人社厅发〔2021〕101 号).
    """
    if one.partner is None:
        return [(span, one.platform)]
    through = span.common(one.outlet.span) if one.outlet else None
    by_outlet = [(through, one.outlet.insurer)] if one.outlet and through else []
    return by_outlet + [(days, one.partner) for days in span.minus([through] if through else [])]


def _segment(one: Engaged, scheme: Scheme, basis: Basis, unit: str, days: Span) -> Segment:
    return Segment(scheme, basis, one.worker_id, unit, days.first, days.last)


def _joined(pieces: Iterable[Segment]) -> tuple[Segment, ...]:
    """The segments by day; two that follow each other and differ in nothing else are one."""
    found: list[Segment] = []
    for piece in sorted(pieces, key=lambda segment: segment.starts_on):
        last = found[-1] if found else None
        if (
            last is not None
            and last.ends_on == piece.starts_on - DAY
            and replace(last, starts_on=piece.starts_on, ends_on=None) == replace(piece, ends_on=None)
        ):
            found[-1] = replace(last, ends_on=piece.ends_on)
        else:
            found.append(piece)
    return tuple(found)


def in_force(wanted: Iterable[Segment], rests: Iterable[Span]) -> tuple[Segment, ...]:
    """The segments without the days on which they rest."""
    kept = list(rests)
    return tuple(
        replace(segment, starts_on=span.first, ends_on=span.last)
        for segment in wanted
        for span in segment.span.minus(kept)
    )


Change = tuple[Literal["opened", "ended"], Segment]


def changes(before: Sequence[Segment], after: Sequence[Segment]) -> list[Change]:
    """What is to be told of a change of an engagement's segments, ends first. What never was ends before its first day."""
    ended: list[Change] = []
    opened: list[Change] = []
    for old in before:
        new = next((segment for segment in after if segment.is_same_as(old)), None)
        if new is None:
            ended.append(("ended", old.never))
        elif new.ends_on != old.ends_on:
            (opened if new.ends_on is None else ended).append(("opened" if new.ends_on is None else "ended", new))
    for new in after:
        if not any(new.is_same_as(old) for old in before):
            opened.append(("opened", new))
            if new.ends_on is not None:
                opened.append(("ended", new))
    return ended + opened

"""The days on which a person's engagements insure them, as segments: by whom, in which scheme, from when to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from services.insurance.engagements.rules import DAY, DatedFooting, Span, spans
from services.insurance.outlets.rules import OutletTerms
from shared.contracts.insurance import Scheme

Basis = Literal["employer", "outlet", "platform"]


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
    itself and takes no platform's orders.
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


def segments(engagements: Iterable[Engaged]) -> dict[str, tuple[Segment, ...]]:
    """The insurance that one person's engagements, all of them, give: for each engagement its segments by day.

    A labour relation gives work-injury insurance by the employer; any other footing occupational-injury cover by the
    platform (办法（试行） art. 2; 95 号 art. 8), or through a courier outlet work-injury insurance of its own kind, except on
    days on which an employer insures the person already (人社厅发〔2021〕101 号). Whoever was never let to work is not insured.
    On no day does one unit insure a person twice in one scheme: of two engagements the one that began first does, and of
    two of the same day that of the first reference.
    """
    ordered = sorted((one for one in engagements if one.activated), key=_rank)
    employed = [
        span for one in ordered for relation, span in spans(one.footings, one.ended_on) if relation == "employment"
    ]
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


def _rank(one: Engaged) -> tuple[dt.date, str, str, str]:
    # by what platforms tell; ids follow the order in which engagements became known
    return one.started_on, one.platform, one.worker_ref, one.id


def _alone(one: Engaged, employed: Sequence[Span]) -> list[Segment]:
    """An engagement's segments, were it the person's only one, except for the days of employment anywhere."""
    found: list[Segment] = []
    for relation, span in spans(one.footings, one.ended_on):
        if relation == "employment":
            found.append(Segment("work_injury", "employer", one.worker_id, one.platform, span.first, span.last))
            continue
        through = span.common(one.outlet.span) if one.outlet else None
        outlet_days = through.minus(employed) if through else []
        if one.outlet is not None:
            found += [
                Segment("work_injury", "outlet", one.worker_id, one.outlet.insurer, day.first, day.last)
                for day in outlet_days
            ]
        if one.outlet_only:
            continue
        found += [
            Segment("occupational_injury", "platform", one.worker_id, one.platform, day.first, day.last)
            for day in span.minus(outlet_days)
        ]
    return found


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

"""What an engagement means for insurance: a state, and the days of each footing.

Legal days, both ends included, come as `Span`; a list of spans is sorted and its spans are disjoint.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["registered", "blocked", "active", "ended"]
Relation = Literal["employment", "partial", "self_employed"]
DatedFooting = tuple[dt.date, Relation]

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Legal days, both ends included; `last` is None while there is no end."""

    first: dt.date
    last: dt.date | None

    def covers(self, day: dt.date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def common(self, other: Span) -> Span | None:
        """The days of both, None where there are none."""
        first = max(self.first, other.first)
        lasts = [span.last for span in (self, other) if span.last is not None]
        last = min(lasts) if lasts else None
        return None if last is not None and last < first else Span(first, last)

    def minus(self, others: Iterable[Span]) -> list[Span]:
        """The days that are in none of the others."""
        left: list[Span] = []
        first: dt.date | None = self.first
        for other in sorted(others, key=lambda span: span.first):
            shared = self.common(other)
            if shared is None or first is None:
                continue
            if first < shared.first:
                left.append(Span(first, shared.first - DAY))
            first = None if shared.last is None else max(first, shared.last + DAY)
        if first is not None and (self.last is None or first <= self.last):
            left.append(Span(first, self.last))
        return left


def state_after(event: State | None, before: State | None, ended_on: dt.date | None) -> State:
    """The state of an engagement after an event that says `event` (None: the event says nothing of the state)."""
    if ended_on is not None:
        return "ended"
    return event or before or "registered"


def spans(footings: Sequence[DatedFooting], ended_on: dt.date | None) -> list[tuple[Relation, Span]]:
    """Each footing with the days on which it holds: to the day before the next one, the last one to the end."""
    ordered = sorted(footings, key=lambda footing: footing[0])
    following = [day for day, _ in ordered[1:]]
    found: list[tuple[Relation, Span]] = []
    for (first, relation), next_day in zip(ordered, [*following, None], strict=True):
        whole = Span(first, next_day - DAY if next_day else None)
        if whole.last is not None and whole.last < first:
            continue  # two footings from the same day: the later word holds
        within = whole if ended_on is None else whole.common(Span(dt.date.min, ended_on))
        if within is not None:
            found.append((relation, within))
    return found


def employments(footings: Sequence[DatedFooting], ended_on: dt.date | None) -> list[Span]:
    """The days on which the person stands in a labour relation, by the dated footings.

    Whether safety training keeps the person from working does not matter: the relation is there (劳动合同法 art. 7).
    """
    return [span for relation, span in spans(footings, ended_on) if relation == "employment"]

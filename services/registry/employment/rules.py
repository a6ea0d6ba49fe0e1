"""Employment registration out of a person's engagements (就业促进法 art. 35, 43; 德人社发〔2022〕95 号 art. 12).

A registration runs over the days on which the person works through at least one engagement, without a gap: it begins with
the first and ends with the last. It is `employed` on the days of a labour relation through any of them, else `flexible`.
`change` is another form, day or district. One that is withdrawn turned out to be no employment, or a part of another
registration.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.contracts.platform import Relation
from shared.contracts.registry import EmploymentForm
from shared.errors import Conflict, RuleBroken
from shared.states import Machine

State = Literal["none", "registered", "ended", "withdrawn"]
Event = Literal["register", "change", "end", "resume", "withdraw"]

MOVES: Mapping[tuple[State, Event], State] = {
    ("none", "register"): "registered",
    ("registered", "change"): "registered",
    ("registered", "end"): "ended",
    ("ended", "change"): "ended",
    ("ended", "resume"): "registered",
    ("registered", "withdraw"): "withdrawn",
    ("ended", "withdraw"): "withdrawn",
}

STATES: Machine[State, Event, State] = Machine(
    "employment registration", MOVES, kind="registration-state", zh="该就业登记的当前状态不允许此操作"
)

MOST_WORKS = 200
"""How often a person may register flexible work: ours, not the law's."""

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one engagement in which the person may have worked, both included, with its footings by day."""

    engagement_id: str
    district: str
    first: dt.date
    last: dt.date | None
    footings: tuple[tuple[dt.date, Relation], ...]


@dataclass(frozen=True, slots=True)
class Period:
    """One registration: days without a gap, both included, and the forms by the day from which each holds."""

    starts_on: dt.date
    ends_on: dt.date | None
    district: str
    forms: tuple[tuple[dt.date, EmploymentForm], ...]

    def meets(self, other: Period) -> bool:
        return self.starts_on <= _end(other.ends_on) and other.starts_on <= _end(self.ends_on)


def periods(spans: Iterable[Span]) -> list[Period]:
    """A person's registrations, the earliest first, whatever the order in which the spans are known."""
    runs: list[list[Span]] = []
    last = dt.date.min
    for span in sorted(spans, key=_age):
        if runs and span.first <= _next(last):
            runs[-1].append(span)
            last = max(last, _end(span.last))
        else:
            runs.append([span])
            last = _end(span.last)
    return [_period(run) for run in runs]


def _period(run: Sequence[Span]) -> Period:
    last = max(_end(span.last) for span in run)
    at_the_end = [span for span in run if _end(span.last) == last]
    return Period(
        starts_on=run[0].first,
        ends_on=None if last == dt.date.max else last,
        district=min(at_the_end, key=_age).district,
        forms=_forms(run),
    )


def _forms(run: Sequence[Span]) -> tuple[tuple[dt.date, EmploymentForm], ...]:
    relations = [stretch for span in run for stretch in _labour_relations(span)]
    # a form can only change where a labour relation begins, or on the day after it ends
    days = {run[0].first, *(first for first, _ in relations), *(_next(last) for _, last in relations)}
    final = max(_end(span.last) for span in run)
    forms: list[tuple[dt.date, EmploymentForm]] = []
    for day in sorted(day for day in days if day <= final and day != dt.date.max):
        form: EmploymentForm = "employed" if any(a <= day <= b for a, b in relations) else "flexible"
        if not forms or forms[-1][1] != form:
            forms.append((day, form))
    return tuple(forms)


def _labour_relations(span: Span) -> list[tuple[dt.date, dt.date]]:
    until = [since - _DAY for since, _ in span.footings[1:]] + [_end(span.last)]
    stretches = zip(span.footings, until, strict=True)
    return [
        (max(since, span.first), min(last, _end(span.last)))
        for (since, relation), last in stretches
        if relation == "employment" and since <= _end(span.last)
    ]


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration on file; `period` is as it was last published."""

    registration_id: str
    state: State
    period: Period


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a registration; `registration_id` is None for one that is new."""

    registration_id: str | None
    events: tuple[Event, ...]
    period: Period


def changes(kept: Iterable[Registration], wanted: Iterable[Period]) -> list[Change]:
    """What is to be done so that the registrations on file are the wanted ones.

    A wanted one goes on under the id of the earliest one on file that shares a day with it; what is left is withdrawn.
    """
    left = sorted((one for one in kept if one.state != "withdrawn"), key=lambda one: one.period.starts_on)
    found: list[Change] = []
    for period in wanted:
        own = next((one for one in left if one.period.meets(period)), None)
        if own is None:
            found.append(Change(None, ("register", "end") if period.ends_on else ("register",), period))
            continue
        left.remove(own)
        if own.period != period:
            found.append(Change(own.registration_id, _steps(own.state, period), period))
    return [*(Change(one.registration_id, ("withdraw",), one.period) for one in left), *found]


def _steps(state: State, period: Period) -> tuple[Event, ...]:
    if period.ends_on is None:
        return ("resume",) if state == "ended" else ("change",)
    return ("change",) if state == "ended" else ("end",)


def check_own_work(starts_on: dt.date, works: Sequence[tuple[dt.date, dt.date | None]], today: dt.date) -> None:
    """Whether a person may register flexible work from a day on, beside what they registered before; raises RuleBroken or Conflict."""
    if starts_on > today:
        raise RuleBroken("not-begun-yet", "开始日期不能晚于今天", "the work has not begun yet")
    if any(last is None or starts_on <= last for _, last in works):
        raise Conflict(
            "work-registered", "您在此期间已登记灵活就业", "flexible work is registered for these days already"
        )
    if len(works) >= MOST_WORKS:
        raise Conflict("too-many-works", f"登记的灵活就业不能超过{MOST_WORKS}次", f"at most {MOST_WORKS} registrations")


def _age(span: Span) -> tuple[dt.date, str]:
    return span.first, span.engagement_id


def _end(last: dt.date | None) -> dt.date:
    return last or dt.date.max


def _next(day: dt.date) -> dt.date:
    return day if day == dt.date.max else day + _DAY

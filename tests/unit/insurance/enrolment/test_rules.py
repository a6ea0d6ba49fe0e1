"""What becomes of an enrolment, and the employer's deadline."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from services.insurance.engagements.rules import Span, state_after
from services.insurance.enrolment import rules
from services.insurance.enrolment.rules import (
    Before,
    Declared,
    Event,
    Sent,
    declare,
    event_of,
    register_by,
    resume,
    suspend,
    undeclared,
    unmet,
)
from services.insurance.enrolment.segments import Segment
from shared.errors import Conflict, Forbidden
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

END = dt.date(2026, 9, 30)
STATES: tuple[Before, ...] = ("none", "open", "undeclared", "suspended", "ended", "withdrawn")
EVENTS: tuple[Event, ...] = get_args(Event)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def segment(starts_on: str, ends_on: str | None = None) -> Segment:
    return Segment("work_injury", "employer", "p1", "u1", day(starts_on), day(ends_on) if ends_on else None)


NEXT = {
    "none": {"cover": "open", "owe": "undeclared", "end": "ended"},
    "open": {
        "cover": "open",
        "owe": "undeclared",
        "end": "ended",
        "withdraw": "withdrawn",
        "suspend": "suspended",
    },
    "undeclared": {
        "cover": "open",
        "owe": "undeclared",
        "at_rest": "suspended",
        "end": "ended",
        "withdraw": "withdrawn",
    },
    "suspended": {
        "owe": "undeclared",
        "at_rest": "suspended",
        "end": "ended",
        "withdraw": "withdrawn",
        "resume": "open",
    },
    "ended": {
        "cover": "open",
        "owe": "undeclared",
        "at_rest": "suspended",
        "end": "ended",
        "withdraw": "withdrawn",
    },
    "withdrawn": {"cover": "open", "owe": "undeclared", "at_rest": "suspended", "end": "ended"},
}


def test_every_event_leads_where_it_must_or_is_refused() -> None:
    flat = {(state, event): then for state, moves in NEXT.items() for event, then in moves.items()}
    goes_by(rules.STATES, flat, STATES, EVENTS)


@pytest.mark.parametrize(
    ("started_on", "due"),
    [("2026-09-01", "2026-10-08"), ("2026-10-12", "2026-11-11"), ("2009-01-05", None)],
)
def test_the_employer_has_thirty_days_to_register(started_on: str, due: str | None) -> None:
    """And until the next working day; a cover through a platform or an outlet has no such day."""
    employed = segment(started_on)
    law = parameters.on(employed.starts_on)
    assert register_by(employed, law) == (day(due) if due else None)
    platform = Segment("occupational_injury", "platform", "p1", "u1", employed.starts_on, None)
    outlet = Segment("work_injury", "outlet", "p1", "u1", employed.starts_on, None)
    assert (register_by(platform, law), register_by(outlet, law)) == (None, None)


def test_an_employers_segment_is_owed_until_it_is_declared() -> None:
    """And no other's, nor by another's word."""
    employed = segment("2026-09-01")
    through = Segment("occupational_injury", "platform", "p1", "u1", day("2026-08-01"), day("2026-08-31"))
    both = [through, employed]
    assert undeclared(both, []) == [employed]
    assert undeclared(both, [Declared("u2", day("2026-09-01"))]) == [employed]
    assert undeclared(both, [Declared("u1", day("2026-09-01"))]) == []
    assert event_of("none", both, [], []) == "owe"
    assert event_of("undeclared", both, [], [Declared("u1", day("2026-09-01"))]) == "cover"
    assert event_of("undeclared", [replace(employed, ends_on=END)], [], []) == "end"


def test_a_word_counts_for_one_employment_not_for_the_next() -> None:
    """Where facts move the first day, or earlier days are found to be employment, it still counts."""
    first, again = segment("2026-09-01", "2026-09-20"), segment("2026-10-10")
    word = Declared("u1", day("2026-09-01"))
    assert undeclared([first, again], [word]) == [again]
    assert undeclared([segment("2026-09-05", "2026-09-20"), again], [word]) == [again]
    assert undeclared([segment("2026-08-01", "2026-09-20"), again], [word]) == [again]


def test_only_the_employer_declares_and_each_day_once() -> None:
    employed = segment("2026-09-01")
    word = Declared("u1", day("2026-09-01"))
    assert declare([employed], [], word) == employed
    with pytest.raises(Forbidden):
        declare([employed], [], replace(word, unit="u2"))
    with pytest.raises(Forbidden):
        declare([replace(employed, basis="platform", scheme="occupational_injury")], [], word)
    with pytest.raises(Conflict, match="first days of work") as other:
        declare([employed], [], replace(word, starts_on=day("2026-09-02")))
    assert other.value.kind == "other-first-day"
    with pytest.raises(Conflict) as again:
        declare([employed], [word], word)
    assert again.value.kind == "declared-already"


def test_what_the_province_refused_is_owed_again() -> None:
    """Until it has been asked again."""
    employed, word = segment("2026-09-01"), Declared("u1", day("2026-09-01"))
    refused, waiting = Sent("1", employed, "rejected"), Sent("2", employed, "waiting")
    assert unmet([employed], [], []) == [employed]
    assert unmet([employed], [word], [replace(refused, status="waiting")]) == []
    assert unmet([employed], [word], [refused]) == [employed]
    assert unmet([employed], [word], [refused, waiting]) == []
    through = Segment("occupational_injury", "platform", "p1", "u1", day("2026-08-01"), None)
    assert unmet([through], [], [Sent("1", through, "rejected")]) == []


TODAY = day("2026-11-23")


def test_a_cover_rests_from_a_day_within_it() -> None:
    """It holds again from a later one."""
    last = segment("2026-09-01")
    assert suspend("open", last, [], day("2026-09-01"), TODAY) == "suspended"
    rests = [Span(day("2026-10-01"), None)]
    assert resume("suspended", rests, day("2026-10-02"), TODAY) == "open"


@pytest.mark.parametrize(
    ("since", "rests", "kind"),
    [
        ("2026-08-31", [], "before-cover"),
        ("2026-11-24", [], "day-ahead"),
        ("2026-10-09", [Span(day("2026-10-01"), day("2026-10-09"))], "suspended-then"),
    ],
)
def test_a_suspension_that_cannot_be(since: str, rests: list[Span], kind: str) -> None:
    with pytest.raises(Conflict) as refused:
        suspend("open", segment("2026-09-01"), rests, day(since), TODAY)
    assert refused.value.kind == kind


@pytest.mark.parametrize(("since", "kind"), [("2026-10-01", "before-suspension"), ("2026-11-24", "day-ahead")])
def test_a_resumption_that_cannot_be(since: str, kind: str) -> None:
    with pytest.raises(Conflict) as refused:
        resume("suspended", [Span(day("2026-10-01"), None)], day(since), TODAY)
    assert refused.value.kind == kind


def test_an_engagement_that_ended_stays_ended_whatever_comes() -> None:
    for event, before in product((None, "blocked", "active", "ended"), (None, "registered", "active")):
        assert state_after(event, before, END) == "ended"  # type: ignore[arg-type]


def test_an_event_that_says_nothing_of_the_state_leaves_it() -> None:
    assert state_after(None, "active", None) == "active"
    assert state_after(None, None, None) == "registered"
    assert state_after("blocked", "registered", None) == "blocked"

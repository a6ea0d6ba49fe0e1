"""What becomes of an enrolment, and the employer's deadline."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.insurance.engagements.rules import Span, state_after
from services.insurance.enrolment import rules
from services.insurance.enrolment.rules import Before, Event, register_by, resume, suspend
from services.insurance.enrolment.segments import Segment
from shared.errors import Conflict
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

END = dt.date(2026, 9, 30)
STATES: tuple[Before, ...] = ("none", "open", "suspended", "ended", "withdrawn")
EVENTS: tuple[Event, ...] = get_args(Event)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def segment(starts_on: str, ends_on: str | None = None) -> Segment:
    return Segment("work_injury", "employer", "p1", "u1", day(starts_on), day(ends_on) if ends_on else None)


NEXT = {
    "none": {"cover": "open", "end": "ended"},
    "open": {"cover": "open", "end": "ended", "withdraw": "withdrawn", "suspend": "suspended"},
    "suspended": {"at_rest": "suspended", "end": "ended", "withdraw": "withdrawn", "resume": "open"},
    "ended": {"cover": "open", "at_rest": "suspended", "end": "ended", "withdraw": "withdrawn"},
    "withdrawn": {"cover": "open", "at_rest": "suspended", "end": "ended"},
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

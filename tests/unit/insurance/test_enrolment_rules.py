"""What becomes of an enrolment, and the employer's deadline."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.insurance.enrolment import rules
from services.insurance.enrolment.rules import Event, Forbidden, State, next_state, register_by, resume, suspend
from services.insurance.enrolment.segments import Segment
from services.insurance.footing.rules import Span, state_after
from shared.policy.parameters import parameters

END = dt.date(2026, 9, 30)
STATES: tuple[State, ...] = ("none", "open", "suspended", "ended", "withdrawn")
EVENTS: tuple[Event, ...] = get_args(Event)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def segment(starts_on: str, ends_on: str | None = None) -> Segment:
    return Segment("work_injury", "employer", "p1", "u1", day(starts_on), day(ends_on) if ends_on else None)


def table() -> dict[tuple[str, str], str]:
    """The table in the docstring."""
    lines = (rules.__doc__ or "").splitlines()
    cells = [[cell.strip() for cell in line.split("|")] for line in lines if line.count("|") == 2]
    return {(state, event): rest.split()[0] for state, event, rest in cells if state in STATES}


def test_the_table_in_the_docstring_is_the_one_that_is_carried_out() -> None:
    assert table() == dict(rules.TRANSITIONS)
    assert len(table()) == 17


@pytest.mark.parametrize(("state", "event"), list(product(STATES, EVENTS)))
def test_every_event_in_every_state_goes_by_the_table_or_is_forbidden(state: State, event: Event) -> None:
    if (state, event) in table():
        assert next_state(state, event) == table()[state, event]
    else:
        with pytest.raises(Forbidden):
            next_state(state, event)


@pytest.mark.parametrize(
    ("started_on", "due"),
    [("2026-09-01", "2026-10-08"), ("2026-10-12", "2026-11-11"), ("2009-01-05", None)],
)
def test_the_employer_has_thirty_days_to_register_and_until_the_next_working_day(
    started_on: str, due: str | None
) -> None:
    employed = segment(started_on)
    law = parameters.on(employed.starts_on)
    assert register_by(employed, law) == (day(due) if due else None)
    platform = Segment("occupational_injury", "platform", "p1", "u1", employed.starts_on, None)
    outlet = Segment("work_injury", "outlet", "p1", "u1", employed.starts_on, None)
    assert (register_by(platform, law), register_by(outlet, law)) == (None, None)


TODAY = day("2026-11-23")


def test_a_cover_rests_from_a_day_within_it_and_holds_again_from_a_later_one() -> None:
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
    with pytest.raises(Forbidden) as refused:
        suspend("open", segment("2026-09-01"), rests, day(since), TODAY)
    assert refused.value.kind == kind


@pytest.mark.parametrize(("since", "kind"), [("2026-10-01", "before-suspension"), ("2026-11-24", "day-ahead")])
def test_a_resumption_that_cannot_be(since: str, kind: str) -> None:
    with pytest.raises(Forbidden) as refused:
        resume("suspended", [Span(day("2026-10-01"), None)], day(since), TODAY)
    assert refused.value.kind == kind


def test_an_engagement_that_ended_stays_ended_whatever_comes() -> None:
    for event, before in product((None, "blocked", "active", "ended"), (None, "registered", "active")):
        assert state_after(event, before, END) == "ended"  # type: ignore[arg-type]


def test_an_event_that_says_nothing_of_the_state_leaves_it() -> None:
    assert state_after(None, "active", None) == "active"
    assert state_after(None, None, None) == "registered"
    assert state_after("blocked", "registered", None) == "blocked"

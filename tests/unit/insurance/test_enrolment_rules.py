"""Which insurance an engagement gives, and what a change of it does."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from services.insurance.enrolment.rules import Step, register_by, scheme_of, step
from services.insurance.footing.rules import state_after
from shared.contracts.insurance import Scheme
from shared.policy.parameters import parameters

OIP: tuple[Scheme, str] = ("occupational_injury", "p1")
WII: tuple[Scheme, str] = ("work_injury", "p1")
END = dt.date(2026, 9, 30)


def test_a_labour_relation_gives_work_injury_insurance_and_anything_else_occupational_injury_cover() -> None:
    schemes = [scheme_of(relation) for relation in ("employment", "partial", "self_employed")]
    assert schemes == ["work_injury", "occupational_injury", "occupational_injury"]


@pytest.mark.parametrize(
    ("started_on", "due"),
    [("2026-09-01", "2026-10-08"), ("2026-10-12", "2026-11-11"), ("2009-01-05", None)],
)
def test_the_employer_has_thirty_days_to_register_and_until_the_next_working_day(
    started_on: str, due: str | None
) -> None:
    day = dt.date.fromisoformat(started_on)
    found = register_by("work_injury", day, parameters.on(day))
    assert found == (dt.date.fromisoformat(due) if due else None)
    assert register_by("occupational_injury", day, parameters.on(day)) is None


@pytest.mark.parametrize(
    ("state", "enrolled", "until", "expected"),
    [
        ("registered", None, None, "nothing"),
        ("blocked", None, None, "nothing"),
        ("active", None, None, "open"),
        ("active", OIP, None, "nothing"),
        ("active", WII, None, "move"),
        ("active", ("occupational_injury", "p2"), None, "move"),
        ("active", None, END, "open"),
        ("ended", OIP, None, "end"),
        ("ended", WII, None, "end"),
        ("ended", None, None, "nothing"),
        ("ended", None, END, "nothing"),
        ("ended", None, dt.date(2026, 9, 1), "end_otherwise"),
        ("blocked", OIP, None, "nothing"),
    ],
)
def test_an_enrolment_follows_its_engagement(
    state: str, enrolled: tuple[Scheme, str] | None, until: dt.date | None, expected: Step
) -> None:
    found = step(state=state, cover=OIP, ended_on=END, enrolled=enrolled, was_enrolled_until=until)
    assert found == expected


def test_an_engagement_that_ended_stays_ended_whatever_comes() -> None:
    for event, before in product((None, "blocked", "active", "ended"), (None, "registered", "active")):
        assert state_after(event, before, END) == "ended"  # type: ignore[arg-type]


def test_an_event_that_says_nothing_of_the_state_leaves_it() -> None:
    assert state_after(None, "active", None) == "active"
    assert state_after(None, None, None) == "registered"
    assert state_after("blocked", "registered", None) == "blocked"

"""What a change of one engagement does to all engagements of the person."""

from __future__ import annotations

import datetime as dt

import pytest

from services.registry.engagements.rules import Standing
from services.registry.intake import rules
from services.registry.intake.rules import Change, PersonState, Work, decide
from services.registry.safety.rules import Training, Workplace
from shared.errors import RuleBroken
from shared.policy.parameters import parameters

TODAY = dt.date(2026, 9, 20)
START = dt.date(2026, 9, 1)
COURSE = Training("safety-onboarding", dt.date(2026, 8, 31))
BLOCKED, ACTIVE = Standing(False, None), Standing(True, None, worked=True)


def work(name: str, standing: Standing | None, declared: Training | None = None) -> Work:
    once = () if declared is None else (declared,)
    place = Workplace("P", "instant_delivery", "510603", START, START, declared, once)
    return Work(name, place, standing)


def outcome(person: PersonState, change: Change) -> list[tuple[str, str, tuple[str, ...], bool]]:
    found = decide(person, change, TODAY, parameters).outcomes
    return [(one.engagement_id, one.after.state, one.facts, one.stored) for one in found]


def person(*works: Work, trainings: tuple[Training, ...] = ()) -> PersonState:
    return PersonState(works, frozenset(trainings))


def test_a_new_engagement_is_decided_before_the_others() -> None:
    both = person(work("old", BLOCKED), work("new", None), trainings=(COURSE,))
    assert outcome(both, Change({"new": None}, others=True)) == [
        ("new", "active", ("registered", "activated"), True),
        ("old", "active", ("unblocked",), True),
    ]


def test_what_stays_as_it_was_is_neither_stored_nor_published() -> None:
    assert outcome(person(work("a", BLOCKED), work("b", BLOCKED)), Change(others=True)) == [
        ("a", "blocked", (), False),
        ("b", "blocked", (), False),
    ]


def test_what_was_spoken_of_is_stored_even_where_nothing_changes() -> None:
    assert outcome(person(work("a", BLOCKED), work("b", BLOCKED)), Change({"a": None})) == [("a", "blocked", (), True)]


def test_an_end_closes_an_engagement_and_leaves_the_others() -> None:
    both = person(work("a", ACTIVE, COURSE), work("b", ACTIVE, COURSE))
    assert outcome(both, Change({"a": dt.date(2026, 9, 10)})) == [("a", "ended", ("closed",), True)]


def test_a_withdrawn_end_leads_back_to_what_the_gate_says() -> None:
    ended = Standing(False, dt.date(2026, 9, 10), worked=True)
    assert outcome(person(work("a", ended, COURSE)), Change({"a": None})) == [("a", "active", ("activated",), True)]
    assert outcome(person(work("a", ended)), Change({"a": None})) == [("a", "blocked", ("blocked",), True)]


def test_other_facts_are_a_correction_of_what_was_spoken_of() -> None:
    both = person(work("a", ACTIVE, COURSE), work("b", ACTIVE, COURSE))
    assert outcome(both, Change({"a": None}, corrected=True, others=True)) == [
        ("a", "active", ("corrected",), True),
        ("b", "active", (), False),
    ]


def test_one_person_has_only_so_many_engagements_on_a_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_ENGAGEMENTS", 1)
    with pytest.raises(RuleBroken) as refused:
        decide(person(work("a", BLOCKED), work("b", None)), Change({"b": None}), TODAY, parameters)
    assert refused.value.kind == "too-many-engagements"
    assert len(outcome(person(work("a", BLOCKED), work("b", BLOCKED)), Change(others=True))) == 2

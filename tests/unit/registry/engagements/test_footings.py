"""Footings by day: what platforms declare and what officers decide."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from services.registry.engagements.rules import FootingDecision, footings
from shared.contracts.platform import Relation

START = dt.date(2026, 9, 1)
NOON = dt.datetime(2026, 10, 1, 4, tzinfo=dt.UTC)


def day(number: int) -> dt.date:
    return START + dt.timedelta(number)


def decision(relation: Relation, from_day: int, hour: int = 0) -> FootingDecision:
    return FootingDecision(relation, day(from_day), NOON + dt.timedelta(hours=hour))


def relation_on(history: tuple[tuple[dt.date, Relation], ...], asked: dt.date) -> Relation:
    return [relation for since, relation in history if since <= asked][-1]


def test_a_decision_holds_from_its_day_the_declaration_before() -> None:
    decided = [decision("employment", 10)]
    assert footings(START, "partial", decided) == ((START, "partial"), (day(10), "employment"))
    assert footings(START, "self_employed", decided) == ((START, "self_employed"), (day(10), "employment"))
    assert footings(START, "employment", decided) == ((START, "employment"),)


def test_a_decision_from_the_start_replaces_the_declaration() -> None:
    assert footings(START, "partial", [decision("employment", -3)]) == ((START, "employment"),)


def test_a_later_decision_holds_from_its_own_day() -> None:
    decided = [decision("employment", 20), decision("self_employed", 10, hour=1)]
    assert footings(START, "partial", decided) == ((START, "partial"), (day(10), "self_employed"))


relations = st.sampled_from(get_args(Relation))
decisions = st.lists(
    st.builds(decision, relations, st.integers(-5, 40), st.integers(0, 1000)), unique_by=lambda one: one.decided_at
)


@given(relations, decisions, st.randoms())
def test_footings_begin_with_the_engagement_and_grow_by_day(
    declared: Relation, decided: list[FootingDecision], random: object
) -> None:
    history = footings(START, declared, decided)
    assert history[0][0] == START
    assert [since for since, _ in history] == sorted({since for since, _ in history})
    assert all(one[1] != other[1] for one, other in itertools.pairwise(history))
    shuffled = sorted(decided, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert footings(START, declared, shuffled) == history


@given(relations, relations, decisions.filter(bool), st.integers(0, 60))
def test_a_new_declaration_changes_nothing_that_was_decided(
    declared: Relation, again: Relation, decided: list[FootingDecision], later: int
) -> None:
    asked = max(min(one.effective_on for one in decided), START) + dt.timedelta(later)
    before, after = footings(START, declared, decided), footings(START, again, decided)
    assert relation_on(before, asked) == relation_on(after, asked)

"""Footings by day: what platforms declare, what officers decide, and the contest in between."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.engagements.footing_rules import (
    ContestState,
    ContestStep,
    FootingDecision,
    NotOpen,
    OutsideEngagement,
    check_day,
    footings,
    take,
)
from shared.contracts.platform import Relation

START = dt.date(2026, 9, 1)
NOON = dt.datetime(2026, 10, 1, 4, tzinfo=dt.UTC)


def day(number: int) -> dt.date:
    return START + dt.timedelta(number)


def decision(relation: Relation, from_day: int, hour: int = 0) -> FootingDecision:
    return FootingDecision(relation, day(from_day), NOON + dt.timedelta(hours=hour))


def relation_on(history: tuple[tuple[dt.date, Relation], ...], asked: dt.date) -> Relation:
    return [relation for since, relation in history if since <= asked][-1]


@pytest.mark.parametrize("state", get_args(ContestState))
@pytest.mark.parametrize(("step", "to"), [("uphold", "upheld"), ("change", "changed"), ("withdraw", "withdrawn")])
def test_only_an_open_contest_is_decided_or_withdrawn(state: ContestState, step: ContestStep, to: str) -> None:
    if state == "open":
        assert take(state, step) == to
    else:
        with pytest.raises(NotOpen):
            take(state, step)


def test_a_decision_holds_from_its_day_and_the_declaration_before_it() -> None:
    decided = [decision("employment", 10)]
    assert footings(START, "partial", decided) == ((START, "partial"), (day(10), "employment"))
    assert footings(START, "self_employed", decided) == ((START, "self_employed"), (day(10), "employment"))
    assert footings(START, "employment", decided) == ((START, "employment"),)


def test_a_decision_from_the_start_leaves_nothing_to_the_declaration() -> None:
    assert footings(START, "partial", [decision("employment", -3)]) == ((START, "employment"),)


def test_a_later_decision_holds_from_its_own_day_whatever_was_decided_after_that_day() -> None:
    decided = [decision("employment", 20), decision("self_employed", 10, hour=1)]
    assert footings(START, "partial", decided) == ((START, "partial"), (day(10), "self_employed"))


relations = st.sampled_from(get_args(Relation))
decisions = st.lists(
    st.builds(decision, relations, st.integers(-5, 40), st.integers(0, 1000)), unique_by=lambda one: one.decided_at
)


@given(relations, decisions, st.randoms())
def test_footings_begin_with_the_engagement_grow_by_day_and_change_each_time(
    declared: Relation, decided: list[FootingDecision], random: object
) -> None:
    history = footings(START, declared, decided)
    assert history[0][0] == START
    assert [since for since, _ in history] == sorted({since for since, _ in history})
    assert all(one[1] != other[1] for one, other in itertools.pairwise(history))
    shuffled = sorted(decided, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert footings(START, declared, shuffled) == history


@given(relations, relations, decisions.filter(bool), st.integers(0, 60))
def test_what_is_declared_again_changes_nothing_from_the_earliest_decided_day_on(
    declared: Relation, again: Relation, decided: list[FootingDecision], later: int
) -> None:
    asked = max(min(one.effective_on for one in decided), START) + dt.timedelta(later)
    before, after = footings(START, declared, decided), footings(START, again, decided)
    assert relation_on(before, asked) == relation_on(after, asked)


def test_a_footing_is_a_fact_of_a_day_on_which_the_engagement_ran() -> None:
    check_day(START, START, None, day(5))
    check_day(day(5), START, day(5), day(9))
    for asked, ended in ((-1, None), (10, None), (6, 5)):
        with pytest.raises(OutsideEngagement):
            check_day(day(asked), START, day(ended) if ended is not None else None, day(9))

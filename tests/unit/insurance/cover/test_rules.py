"""Periods of commercial policies: their union and gaps in any order, and who is left out."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.cover.rules import (
    DAY,
    STATES,
    Event,
    Period,
    State,
    effective,
    gaps,
    gaps_ahead,
    uninsured,
    union,
)
from tests.unit.machines import goes_by

FIRST = dt.date(2026, 1, 1)
days = st.integers(0, 60).map(lambda count: FIRST + count * DAY)
periods = st.lists(st.tuples(days, days), max_size=8)
HORIZON = [FIRST + count * DAY for count in range(-1, 63)]


def covers(stretches: list[Period], day: dt.date) -> bool:
    return any(first <= day <= last for first, last in stretches)


def test_each_event_in_each_state() -> None:
    moves = {("on_file", "corrected"): "on_file", ("on_file", "cancelled"): "cancelled"}
    goes_by(STATES, moves, get_args(State), get_args(Event))


@given(periods, st.randoms())
def test_the_union_of_policies_covers_the_same_days(found: list[Period], random: object) -> None:
    """In whatever order they come."""
    stretches = union(found)
    assert [covers(stretches, day) for day in HORIZON] == [covers(found, day) for day in HORIZON]
    assert all(one[1] + DAY < other[0] for one, other in pairwise(stretches))
    random.shuffle(found)  # type: ignore[attr-defined]
    assert union(found + found) == stretches


@given(periods)
def test_each_day_is_covered_or_in_one_gap(found: list[Period]) -> None:
    """From the first policy's first day on."""
    stretches, between = union(found), gaps(found)
    for day in HORIZON:
        inside = [gap for gap in between if gap[0] <= day and (gap[1] is None or day <= gap[1])]
        begun = bool(stretches) and day >= stretches[0][0]
        assert len(inside) == (begun and not covers(stretches, day))
        assert gaps_ahead(found, day) == [gap for gap in between if gap[1] is None or gap[1] >= day]


def test_a_policy_that_follows_the_day_after_leaves_no_gap() -> None:
    year = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    following = (dt.date(2027, 1, 1), dt.date(2027, 12, 31))
    assert gaps([year, following]) == [(dt.date(2028, 1, 1), None)]
    late = (dt.date(2027, 1, 3), dt.date(2027, 12, 31))
    assert gaps([late, year])[0] == (dt.date(2027, 1, 1), dt.date(2027, 1, 2))


def test_a_cancelled_policy_holds_until_the_day_before() -> None:
    year = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert effective(*year, None) == year
    assert effective(*year, dt.date(2026, 7, 1)) == (dt.date(2026, 1, 1), dt.date(2026, 6, 30))
    assert union([effective(*year, dt.date(2026, 1, 1))]) == []


@pytest.mark.parametrize(
    ("named", "counted", "left_out"), [(set(), 0, 3), ({"a", "x"}, 0, 2), ({"a"}, 1, 1), ({"a", "b", "c"}, 5, 0)]
)
def test_whoever_is_neither_named_nor_counted_is_left_out(named: set[str], counted: int, left_out: int) -> None:
    assert uninsured({"a", "b", "c"}, named, counted) == left_out

"""The days of each footing, and the arithmetic of legal days."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.insurance.engagements.rules import Relation, Span, employments, spans

FIRST = dt.date(2026, 9, 1)
DAYS = [FIRST + dt.timedelta(days=number) for number in range(40)]

days = st.sampled_from(DAYS[:30])
some_spans = st.builds(
    lambda first, length: Span(first, None if length is None else first + dt.timedelta(days=length)),
    days,
    st.none() | st.integers(0, 8),
)
relations: st.SearchStrategy[Relation] = st.sampled_from(["employment", "partial", "self_employed"])


def covered(found: list[Span]) -> list[dt.date]:
    return [day for day in DAYS if any(span.covers(day) for span in found)]


@given(some_spans, st.lists(some_spans, max_size=5))
def test_minus_leaves_exactly_the_days_of_no_other(one: Span, others: list[Span]) -> None:
    left = one.minus(others)
    assert covered(left) == [day for day in covered([one]) if day not in covered(others)]
    assert all(a.last is not None and a.last < b.first for a, b in pairwise(left))


@given(some_spans, some_spans)
def test_common_days_are_those_of_both(one: Span, other: Span) -> None:
    shared = one.common(other)
    assert covered([shared] if shared else []) == [day for day in covered([one]) if other.covers(day)]
    assert one.common(other) == other.common(one)


@given(st.dictionaries(days, relations, max_size=5), relations, st.none() | days)
def test_every_day_of_an_engagement_has_one_footing(
    later: dict[dt.date, Relation], first: Relation, ended_on: dt.date | None
) -> None:
    """It is the last one that began by then."""
    dated = {FIRST: first} | {day: relation for day, relation in later.items() if day > FIRST}
    found = spans(list(dated.items()), ended_on)
    for day in DAYS:
        holding = [relation for relation, span in found if span.covers(day)]
        if ended_on is not None and day > ended_on:
            assert holding == []
        else:
            assert holding == [dated[max(began for began in dated if began <= day)]]


def test_a_labour_relation_found_later_holds_from_its_day_on() -> None:
    dated: list[tuple[dt.date, Relation]] = [(FIRST, "partial"), (dt.date(2026, 10, 1), "employment")]
    assert employments(dated, None) == [Span(dt.date(2026, 10, 1), None)]
    assert employments(dated, dt.date(2026, 9, 20)) == []

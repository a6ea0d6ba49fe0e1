"""Working time as a union of spans."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.complaints.work_time.rules import (
    Span,
    bounds,
    by_day,
    clipped,
    day_of,
    merged,
    reached_at,
    runs,
    seconds_of,
    with_allowance,
)
from shared.policy.calendar import SHANGHAI, end_of_day, start_of_day

SECONDS = st.integers(0, 400)
SPANS = st.lists(st.tuples(SECONDS, SECONDS), max_size=15)


def covered(spans: list[Span]) -> set[int]:
    return {second for begin, end in spans for second in range(begin, end)}


@given(SPANS)
def test_the_union_covers_every_second_once(spans: list[Span]) -> None:
    found = merged(spans)
    assert covered(found) == covered(spans)
    assert seconds_of(found) == len(covered(spans))
    assert all(one[1] < other[0] for one, other in pairwise(found))


@given(SPANS, st.randoms(use_true_random=False), st.integers(1, 5))
def test_batches_in_any_order_and_twice_give_the_same_spans(spans: list[Span], chance: object, size: int) -> None:
    told = [*spans, *spans[::2]]
    chance.shuffle(told)  # type: ignore[attr-defined]
    so_far: list[Span] = []
    for start in range(0, len(told), size):
        so_far = merged(so_far, told[start : start + size])
    assert so_far == merged(spans)


def test_a_stretch_over_midnight_is_parted_in_shanghai() -> None:
    begin = dt.datetime(2026, 9, 3, 15, 30, tzinfo=dt.UTC)  # 23:30 in Shanghai
    (first, before), (second, after) = by_day(begin, begin + dt.timedelta(hours=1))
    assert (first, second) == (dt.date(2026, 9, 3), dt.date(2026, 9, 4))
    assert (before[1] - before[0], after[1] - after[0]) == (1800, 1800)
    assert before[1] == after[0] == dt.datetime(2026, 9, 4, tzinfo=SHANGHAI).timestamp()


@given(st.dates(dt.date(1992, 1, 1), dt.date(2060, 1, 1)))
def test_days_are_those_of_the_calendar(day: dt.date) -> None:
    begin, end = bounds(day)
    assert (begin, end) == (start_of_day(day).timestamp(), end_of_day(day).timestamp())
    assert (day_of(begin), day_of(end - 1), day_of(end)) == (day, day, day + dt.timedelta(1))


@given(st.integers(0, 365 * 86_400_000_000), st.integers(0, 3 * 86_400_000_000))
def test_the_days_of_a_stretch_make_it_up(since: int, microseconds: int) -> None:
    start = dt.datetime(2026, 1, 1, tzinfo=SHANGHAI) + dt.timedelta(microseconds=since)
    end = start + dt.timedelta(microseconds=microseconds)
    parts = list(by_day(start, end))
    assert sum(last - first for _, (first, last) in parts) == int(end.timestamp()) - int(start.timestamp())
    assert len({day for day, _ in parts}) == len(parts) <= 4


@given(SPANS, st.integers(1, 60))
def test_a_break_ends_a_run_and_no_less_does(spans: list[Span], least: int) -> None:
    found = runs(merged(spans), least)
    assert [span for run in found for span in run.spans] == merged(spans)
    assert all(other.begin - one.end >= least for one, other in pairwise(found))
    for run in found:
        assert all(after[0] - before[1] < least for before, after in pairwise(run.spans))


@given(SPANS, st.integers(1, 300))
def test_the_limit_is_reached_when_so_many_seconds_are_done(spans: list[Span], limit: int) -> None:
    found, work = reached_at(merged(spans), limit), merged(spans)
    if found is None:
        assert seconds_of(work) < limit
    else:
        assert seconds_of(clipped(work, 0, found)) == limit
        assert seconds_of(clipped(work, 0, found - 1)) == limit - 1


def test_the_highest_allowance_counts_where_work_overlaps() -> None:
    hours = 3600
    parts = {Decimal(10): [[(0, 4 * hours)]], Decimal(0): [[(2 * hours, 8 * hours)]]}
    assert with_allowance(parts) == 4 * hours * 110 // 100 + 4 * hours


@given(SPANS, SPANS)
def test_no_allowance_is_the_plain_union(one: list[Span], other: list[Span]) -> None:
    assert with_allowance({Decimal(0): [merged(one), merged(other)]}) == seconds_of(merged(one, other))

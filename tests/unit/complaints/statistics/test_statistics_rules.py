"""Which cells of a table are left out, and how long steps took."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from services.complaints.statistics.rules import (
    Across,
    Dimension,
    closed_on,
    percentile,
    satisfied,
    table_of,
    working_days,
)
from shared.policy.small_cells import shown, tabulated

TABLES = st.integers(1, 5).flatmap(
    lambda wide: st.lists(st.lists(st.integers(0, 30), min_size=wide, max_size=wide), min_size=1, max_size=5)
)


def test_a_small_cell_takes_others_along_in_its_row_and_column() -> None:
    assert shown([[3, 20, 30], [10, 40, 50], [60, 70, 80]], 5) == [
        [None, None, 30, 53],
        [None, None, 50, 100],
        [60, 70, 80, 210],
        [73, 130, 160, 363],
    ]


def test_a_table_without_small_cells_is_shown_whole() -> None:
    assert shown([[0, 20], [7, 5]], 5) == [[0, 20, 20], [7, 5, 12], [7, 25, 32]]


def test_two_cells_that_come_to_little_do_not_hide_each_other() -> None:
    assert shown([[1, 1, 20]], 5)[0][:3] == [None, None, None]


def test_nothing_is_a_table_too() -> None:
    assert shown([], 5) == [[]]


@given(TABLES)
def test_no_small_number_follows_from_a_row_or_column(cells: list[list[int]]) -> None:
    table = shown(cells, 5)
    whole = [[*row, sum(row)] for row in cells]
    whole.append([sum(column) for column in zip(*whole, strict=True)])
    assert all(number is None or number == 0 or number >= 5 for row in table for number in row)
    assert all(
        number is None or number == kept
        for row, known in zip(table, whole, strict=True)
        for number, kept in zip(row, known, strict=True)
    )
    lines = [
        *zip(table, whole, strict=True),
        *zip(zip(*table, strict=True), zip(*whole, strict=True), strict=True),
    ]
    for line, known in lines:
        hidden = [kept for number, kept in zip(line, known, strict=True) if number is None]
        if line[-1] is not None and hidden:
            assert sum(hidden) >= 5
            assert len(hidden) > 1


def test_a_side_against_itself_shows_its_totals() -> None:
    keys, columns, table = tabulated({"a": {"a": 3}, "b": {"b": 7}, "c": {"c": 9}}, "kind", "kind", 5)
    assert (keys, columns) == (["a", "b", "c"],) * 2
    assert table == [[None, 0, 0, None], [0, None, 0, None], [0, 0, 9, 9], [None, None, 9, 19]]


def test_sides_changed_about_leave_out_the_same() -> None:
    counts = {"x": {"p": 2, "q": 20, "r": 7}, "y": {"p": 6, "r": 7}, "z": {"q": 8}}
    turned = {one: {key: cells[one] for key, cells in counts.items() if one in cells} for one in ("p", "q", "r")}
    keys, columns, table = tabulated(counts, "district", "kind", 5)
    assert tabulated(turned, "kind", "district", 5) == (
        columns,
        keys,
        [list(line) for line in zip(*table, strict=True)],
    )
    assert tabulated({}, "kind", "district", 5) == ([], [], [])


Name = frozenset[tuple[str, str]]
"""A number of the tables: of which kind, month and outcome."""
SIDES = ("kind", "month", "outcome")
CUBES = st.lists(st.tuples(*(st.sampled_from("abc") for _ in SIDES), st.integers(1, 9)), min_size=1, max_size=12)


@given(CUBES)
@settings(max_examples=150, deadline=None)
def test_no_small_number_follows_from_several_tables(cube: list[tuple[str, str, str, int]]) -> None:
    """All tables of the same people beside each other, with every sum that ties them: no small number of any follows."""
    numbers: dict[Name, int] = defaultdict(int)
    sums: dict[tuple[Name, str], set[Name]] = defaultdict(set)
    known: set[Name] = set()
    for by, across in product(SIDES, SIDES):
        counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for *place, number in cube:
            at = dict(zip(SIDES, place, strict=True))
            counts[at[by]][at[across]] += number
        keys, columns, table = tabulated(counts, by, across, 5)
        for r, c in product(range(len(keys) + 1), range(len(columns) + 1)):
            row = {(by, keys[r])} if r < len(keys) else set()
            column = {(across, columns[c])} if c < len(columns) else set()
            if by == across and row and column and row != column:
                continue
            name = frozenset(row | column)
            whole = sum(n for *place, n in cube if name <= {*zip(SIDES, place, strict=True)})
            assert table[r][c] in (None, whole)
            numbers[name] = whole
            if table[r][c] is not None:
                known.add(name)
            for side, part in ((by, row), (across, column)):
                if part:
                    sums[name - part, side].add(name)
    shown_small = [name for name in known if 0 < numbers[name] < 5]
    assert not shown_small
    assert not [name for name in solved(sums, known) if 0 < numbers[name] < 5]


def solved(
    sums: Mapping[tuple[Name, str], Collection[Name]],
    known: Collection[Name],
) -> list[Name]:
    """What follows from what is known, by elimination."""
    rows: list[dict[Name, Fraction]] = []
    for (whole, _), parts in sums.items():
        row = {one: Fraction(1) for one in parts} | {whole: Fraction(-1)}
        row = {one: factor for one, factor in row.items() if one not in known}
        for other in rows:
            lead = next(iter(other))
            if factor := row.get(lead):
                row = _less(row, other, factor)
        if row:
            lead = next(iter(row))
            row = {one: factor / row[lead] for one, factor in row.items()}
            rows = [_less(other, row, factor) if (factor := other.get(lead)) else other for other in rows]
            rows.append(row)
    return [next(iter(row)) for row in rows if len(row) == 1]


def _less(
    row: Mapping[Name, Fraction],
    other: Mapping[Name, Fraction],
    factor: Fraction,
) -> dict[Name, Fraction]:
    left = {one: row.get(one, Fraction(0)) - factor * other.get(one, Fraction(0)) for one in (*row, *other)}
    return {one: number for one, number in left.items() if number}


def test_half_and_nine_of_ten_are_steps_that_were_taken() -> None:
    assert [percentile({1: 8, 3: 1, 30: 1}, percent) for percent in (50, 90, 100)] == [1, 3, 30]


def test_the_national_holiday_counts_no_working_day() -> None:
    assert working_days(dt.date(2026, 9, 30), dt.date(2026, 10, 8)) == 1
    assert working_days(dt.date(2026, 9, 1), dt.date(2026, 9, 1)) == 0


TODAY = dt.date(2026, 11, 30)
PERIODS = (None, "2026-09", "2026-10", "2026-11")
TALLIES = st.lists(
    st.tuples(*(st.sampled_from("ab") for _ in range(5)), st.sampled_from(PERIODS), st.integers(1, 9)), max_size=12
)


def tally(where: Sequence[str], period: str | None, n: int) -> Any:
    month, district, kind, enterprise, outcome = where
    place = {"month": month, "district": district, "department": "hrss", "kind": kind, "enterprise": enterprise}
    return {**place, "period": period, "n": {f"outcome:{outcome}": n, f"step:decide:{n}": n}}


def tables(rows: list[Any], today: dt.date) -> dict[tuple[Dimension, Across], Any]:
    return {
        (by, across): table_of(rows, by, across, today, 5)
        for by, across in product(get_args(Dimension), get_args(Across))
    }


@given(TALLIES, TALLIES)
@settings(max_examples=60, deadline=None)
def test_within_a_month_nothing_new_shows_in_any_table(rows: list[Any], more: list[Any]) -> None:
    """Matters that are counted, or counted otherwise, while somebody looks."""
    before = [tally(one[:5], *one[5:]) for one in rows]
    now = [tally(one[:5], "2026-11", sign * one[6]) for one in more for sign in (1, -1)[: 1 + one[6] % 2]]
    assert tables(before, TODAY) == tables([*before, *now], TODAY)


@given(TALLIES, st.tuples(*(st.sampled_from("ab") for _ in range(5))))
@settings(max_examples=100, deadline=None)
def test_one_matter_more_in_a_month_shows_nobody(rows: list[Any], one: Any) -> None:
    """In no table of the next month has a number changed by fewer than the smallest that may be shown."""
    before = [tally(row[:5], "2026-09", row[6]) for row in rows]
    earlier = tables(before, dt.date(2026, 10, 31))
    later = tables([*before, tally(one, "2026-10", 1)], TODAY)
    for sides, table in later.items():
        known = numbers(earlier[sides])
        for place, number in numbers(table).items():
            was = known.get(place, 0)
            assert number is None or number % 5 == 0
            assert number is None or was is None or abs(number - was) in (0, 5)


def numbers(table: Any) -> dict[tuple[str, str], int | None]:
    if not table.keys:
        return {}
    lines = dict(zip((*table.keys, "total"), (*table.rows, table.totals), strict=True))
    return {
        (key, column): number
        for key, line in lines.items()
        for column, number in zip((*table.columns, "total"), line, strict=True)
    }


def test_a_month_is_closed_once_it_is_over() -> None:
    assert closed_on(dt.date(2026, 11, 1)) == closed_on(TODAY) == dt.date(2026, 10, 31)
    rows = [tally(("m", "d", "k", "e", "opened"), period, 10) for period in PERIODS]
    totals = [table_of(rows, "kind", "outcome", day, 5).totals[-1] for day in (TODAY, TODAY + dt.timedelta(1))]
    assert totals == [30, 40]


def test_a_share_is_told_where_its_numbers_are_shown() -> None:
    """Out of the rounded numbers alone: where one that it needs is left out, the share is too."""
    assert satisfied(["1", "3", "4", "5"], [5, 10, 10, 15], 40) == 63
    assert satisfied(["1", "3"], [5, 10], 15) == 0
    assert satisfied(["1", "4", "5"], [None, 10, 15], 30) == 83
    assert satisfied(["1", "4", "5"], [10, None, 15], 30) is None
    assert satisfied(["4", "5"], [10, 15], None) is None
    assert satisfied(["4", "5"], [10, 15], 20) == 100
    assert satisfied([], [], 0) is None

"""Which cells of a table are left out, and how long steps took."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from services.complaints.statistics.rules import percentile, working_days
from shared.policy.small_cells import shown

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


def test_half_and_nine_of_ten_are_steps_that_were_taken() -> None:
    assert [percentile({1: 8, 3: 1, 30: 1}, percent) for percent in (50, 90, 100)] == [1, 3, 30]


def test_the_national_holiday_counts_no_working_day() -> None:
    assert working_days(dt.date(2026, 9, 30), dt.date(2026, 10, 8)) == 1
    assert working_days(dt.date(2026, 9, 1), dt.date(2026, 9, 1)) == 0

"""When it is told that something waits for money of a past year."""

from __future__ import annotations

import datetime as dt

import pytest

from services.subsidies.budgets import rules


@pytest.mark.parametrize(
    ("day", "next_"),
    [
        ("2026-11-30", "2026-12-07"),
        ("2026-12-27", "2027-01-11"),
        ("2026-12-31", "2027-01-11"),
        ("2027-01-01", "2027-01-11"),
        ("2027-01-10", "2027-01-11"),
        ("2027-01-11", "2027-01-21"),
        ("2028-12-26", "2029-01-11"),
    ],
)
def test_it_is_told_every_so_many_days_of_a_year(day: str, next_: str) -> None:
    assert rules.next_told(dt.date.fromisoformat(day), 10) == dt.date.fromisoformat(next_)

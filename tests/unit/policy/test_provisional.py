"""A deadline that reaches into a year without a published calendar knows from what it is reckoned again."""

from __future__ import annotations

import datetime as dt

import pytest

from shared.policy import calendar
from shared.storage.provisional import Provisional, moved


def kept(deadline: calendar.Deadline) -> Provisional:
    return Provisional(
        due=deadline.due, calendar="2026", start=deadline.start, days=deadline.days, workdays=deadline.workdays
    )


def test_a_deadline_moves_with_the_days_off_of_its_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five working days after Monday 28 December 2026 without, and with, New Year's Day off."""
    start = dt.date(2026, 12, 28)
    by_weekends, in_days = calendar.add_working_days(start, 5), calendar.add_days(start, 4)
    in_months = calendar.add_months(start, 1)
    assert (by_weekends.due, in_days.due) == (dt.date(2027, 1, 4), dt.date(2027, 1, 1))
    assert all(one.provisional for one in (by_weekends, in_days, in_months))
    assert moved(kept(by_weekends)) is None
    monkeypatch.setattr(calendar, "_YEARS", calendar._YEARS | {2027})
    monkeypatch.setattr(calendar, "_OFF", calendar._OFF | {dt.date(2027, 1, 1)})
    again, days, months = moved(kept(by_weekends)), moved(kept(in_days)), moved(kept(in_months))
    assert again is not None
    assert days is not None
    assert (again.due, again.provisional) == (dt.date(2027, 1, 5), False)
    assert days.due == dt.date(2027, 1, 4)
    assert months is None


def test_what_takes_more_than_days_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="length"):
        moved(Provisional(due=dt.date(2027, 1, 4), calendar="2026"))

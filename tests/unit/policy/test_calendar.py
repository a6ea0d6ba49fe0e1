import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.calendar import (
    Deadline,
    Pause,
    add_days,
    add_months,
    add_working_days,
    add_years,
    due_with_pauses,
    end_of_day,
    is_published,
    is_working_day,
    month_of,
    shanghai_date,
    start_of_day,
)

days = st.dates(dt.date(2018, 1, 1), dt.date(2027, 12, 31))
counts = st.integers(1, 90)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_every_day_of_the_table_is_what_chinesecalendar_says() -> None:
    first, last = dt.date(2018, 1, 1), dt.date(2026, 12, 31)
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        date = dt.date.fromordinal(ordinal)
        assert is_working_day(date) == chinese_calendar.is_workday(date), date


@given(days, counts)
def test_a_deadline_never_falls_on_a_day_off(start: dt.date, count: int) -> None:
    for deadline in (add_days(start, count), add_working_days(start, count), add_months(start, count)):
        assert is_working_day(deadline.due)
        assert deadline.due > start


@given(days, counts)
def test_a_longer_or_a_later_deadline_never_ends_sooner(start: dt.date, count: int) -> None:
    for add in (add_days, add_working_days, add_months):
        assert add(start, count).due <= add(start, count + 1).due
        assert add(start, count).due <= add(start + dt.timedelta(days=1), count).due


@given(days, counts)
def test_working_days_are_counted_one_by_one(start: dt.date, count: int) -> None:
    due = add_working_days(start, count).due
    after = [start + dt.timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert sum(map(is_working_day, after)) == count


@given(days, counts)
def test_natural_days_move_over_days_off_only(start: dt.date, count: int) -> None:
    last = start + dt.timedelta(days=count)
    due = add_days(start, count).due
    assert due >= last
    assert not any(is_working_day(last + dt.timedelta(days=n)) for n in range((due - last).days))


def test_working_days_pass_over_a_holiday() -> None:
    """The days worked for it count."""
    # From the day before National Day 2026: 8, 9 and (a Saturday worked) 10 October, then 12 and 13.
    assert add_working_days(day("2026-09-30"), 5) == Deadline(day("2026-10-13"), provisional=False)


def test_a_last_day_in_a_holiday_moves_to_the_next_working_day() -> None:
    assert add_days(day("2026-09-01"), 30) == Deadline(day("2026-10-08"), provisional=False)
    assert add_days(day("2026-09-13"), 7) == Deadline(day("2026-09-20"), provisional=False)


def test_months_end_on_the_corresponding_day_or_the_months_last() -> None:
    assert add_months(day("2024-01-31"), 1).due == day("2024-02-29")
    assert add_months(day("2025-01-31"), 1).due == day("2025-02-28")
    assert add_months(day("2026-08-15"), 1).due == day("2026-09-15")
    assert add_months(day("2025-12-15"), 12).due == add_years(day("2025-12-15"), 1).due == day("2026-12-15")
    assert add_years(day("2024-02-29"), 1).due == day("2025-02-28")


def test_a_year_without_a_notice_makes_a_deadline_provisional() -> None:
    assert add_days(day("2026-11-23"), 50) == Deadline(day("2027-01-12"), provisional=True)
    assert add_working_days(day("2026-12-20"), 20).provisional
    assert add_months(day("2026-11-23"), 3).provisional
    assert not add_working_days(day("2026-12-01"), 10).provisional


def test_a_years_last_week_is_certain_with_the_next_notice() -> None:
    """Only with the notice of the next year."""
    assert is_published(day("2025-12-31"))
    assert is_published(day("2026-12-24"))
    assert not is_published(day("2026-12-25"))


def test_a_deadline_moved_into_an_unknown_year_is_provisional() -> None:
    assert add_days(day("2026-12-23"), 2).provisional


@pytest.mark.parametrize("count", [0, -1])
def test_a_deadline_of_no_days_is_refused(count: int) -> None:
    for add in (add_days, add_working_days, add_months):
        with pytest.raises(ValueError, match="at least one day"):
            add(day("2026-09-01"), count)


@given(days, counts)
def test_without_a_pause_a_clock_runs_as_any_other(start: dt.date, count: int) -> None:
    assert due_with_pauses(start, days=count, pauses=[]) == add_days(start, count)
    assert due_with_pauses(start, workdays=count, pauses=[]) == add_working_days(start, count)


def test_days_of_a_pause_do_not_count() -> None:
    pauses = [Pause(day("2026-03-03"), day("2026-03-12"))]
    assert due_with_pauses(day("2026-03-02"), days=15, pauses=pauses) == Deadline(day("2026-03-27"), False)
    assert due_with_pauses(day("2026-03-02"), workdays=5, pauses=pauses) == Deadline(day("2026-03-19"), False)


def test_pauses_that_overlap_stop_the_clock_once() -> None:
    once = [Pause(day("2026-03-03"), day("2026-03-12"))]
    twice = [Pause(day("2026-03-05"), day("2026-03-12")), Pause(day("2026-03-03"), day("2026-03-10"))]
    for count in (1, 5, 30):
        assert due_with_pauses(day("2026-03-02"), days=count, pauses=once) == due_with_pauses(
            day("2026-03-02"), days=count, pauses=twice
        )


def test_a_pause_after_the_deadline_changes_nothing() -> None:
    pauses = [Pause(day("2026-06-01"), None)]
    assert due_with_pauses(day("2026-03-02"), days=15, pauses=pauses) == add_days(day("2026-03-02"), 15)


def test_a_clock_that_stands_still_has_no_deadline_yet() -> None:
    assert due_with_pauses(day("2026-03-02"), workdays=5, pauses=[Pause(day("2026-03-04"), None)]) is None


def test_a_clock_counts_days_of_one_kind() -> None:
    with pytest.raises(ValueError, match="either"):
        due_with_pauses(day("2026-03-02"), days=5, workdays=5, pauses=[])


def test_a_legal_day_begins_and_ends_in_shanghai() -> None:
    assert start_of_day(day("2026-09-30")) == dt.datetime(2026, 9, 29, 16, tzinfo=dt.UTC)
    assert end_of_day(day("2026-09-30")) == dt.datetime(2026, 9, 30, 16, tzinfo=dt.UTC)
    assert Deadline(day("2026-09-30"), False).instant == end_of_day(day("2026-09-30"))
    last = end_of_day(day("2026-09-30")) - dt.timedelta(milliseconds=1)
    assert shanghai_date(last) == day("2026-09-30")
    assert (month_of(last), month_of(end_of_day(day("2026-09-30")))) == ("2026-09", "2026-10")


def test_an_instant_without_an_offset_is_refused() -> None:
    naive = dt.datetime(2026, 9, 30)  # noqa: DTZ001 - what is refused
    for read in (shanghai_date, month_of):
        with pytest.raises(ValueError, match="offset"):
            read(naive)

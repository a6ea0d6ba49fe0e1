"""Overtime of employees, and weeks without a day of rest."""

from __future__ import annotations

import datetime as dt

from services.complaints.intake.hours_commands import PARAMETERS
from services.complaints.overtime.rules import days_of, findings, months_of
from services.complaints.work_time.rules import bounds
from shared.contracts.complaints.time_findings import OvertimeExceeded, PartTimeExceeded, WeeklyRestMissing

HOUR = 3600


def day(number: int, month: int = 9) -> dt.date:
    return dt.date(2026, month, number)


def kinds(worked: dict[dt.date, int], month: str = "2026-09") -> list[str]:
    return [type(one.finding).__struct_config__.tag for one in findings(worked, month)]  # type: ignore[misc]


def overtime(worked: dict[dt.date, int]) -> OvertimeExceeded:
    (one,) = findings(worked, "2026-09")
    assert isinstance(one.finding, OvertimeExceeded)
    return one.finding


def test_an_hour_of_overtime_is_ordinary_a_second_more_is_not() -> None:
    assert findings({day(1): 9 * HOUR}, "2026-09") == []
    found = overtime({day(1): 9 * HOUR + 1, day(2): 8 * HOUR})
    assert [(one.day, one.overtime_seconds) for one in found.days] == [(day(1), HOUR + 1)]
    assert (found.overtime_seconds, found.beyond_special) == (HOUR + 1, 0)


def test_beyond_three_hours_no_special_reason_is_asked_for() -> None:
    (special,) = findings({day(1): 11 * HOUR}, "2026-09")
    (beyond,) = findings({day(1): 11 * HOUR + 1}, "2026-09")
    assert "special_reasons" in special.to_judge
    assert "special_reasons" not in beyond.to_judge
    assert isinstance(beyond.finding, OvertimeExceeded)
    assert beyond.finding.beyond_special == 1
    assert all(row.verified for row in beyond.used)
    assert {row.source for row in beyond.used} == {"劳动法 第36条", "劳动法 第41条"}


def test_a_night_that_ends_on_the_free_day_takes_no_rest() -> None:
    """Sunday, 6 September 2026: nothing but the end of Saturday's night, and no work before Monday's."""
    week = dict.fromkeys((day(1) + dt.timedelta(n) for n in range(-1, 6)), HOUR)
    assert kinds(week) == ["weekly_rest_missing"]
    sunday, monday = bounds(day(6))
    saturday = (sunday - HOUR, sunday + HOUR)
    for spans, free in (
        ([saturday], True),
        ([saturday, (monday + 10 * HOUR, monday + 11 * HOUR)], True),
        ([saturday, (monday + HOUR, monday + 2 * HOUR)], True),
        ([saturday, (monday + HOUR - 1, monday + 2 * HOUR)], False),
        ([saturday, (sunday + 2 * HOUR, sunday + 3 * HOUR)], False),
        ([(sunday + 1, sunday + HOUR)], False),
        ([(sunday - HOUR, monday + HOUR)], False),
    ):
        assert bool(findings(week, "2026-09", spans=spans)) is not free


def test_a_month_may_have_thirty_six_hours() -> None:
    days = [day(n) for n in range(1, 31) if day(n).weekday() < 6]  # an hour on each would be 26
    worked = dict.fromkeys(days[:20], 9 * HOUR) | {day(30, 8): 14 * HOUR}
    assert findings(worked, "2026-09") == []
    assert "2026-08" in months_of(day(30, 8))
    much = dict.fromkeys(days, 9 * HOUR) | dict.fromkeys(days[:6], 11 * HOUR)
    found = overtime(much)
    assert (found.overtime_seconds, found.month_seconds) == (20 * HOUR + 6 * 3 * HOUR + 8 * HOUR, 36 * HOUR)


def test_six_days_of_nine_hours_all_month_are_too_many() -> None:
    nine = {day(31, 8) + dt.timedelta(n): 9 * HOUR for n in range(31) if n % 7 < 6}
    found = overtime(nine)
    assert (found.days, found.week_seconds, found.weeks, found.beyond_weeks) == ((), 44 * HOUR, 4, 4 * 4 * HOUR)
    assert found.overtime_seconds == 26 * HOUR + 16 * HOUR
    (one,) = findings(nine, "2026-09")
    assert ("working_time.average_weekly_hours", "44") in {(row.key, f"{row.value}") for row in one.used}


def test_a_short_week_makes_up_for_a_long_one() -> None:
    weeks = [day(31, 8) + dt.timedelta(n) for n in range(28)]
    six_days = {one: 9 * HOUR for one in weeks if one.weekday() < 6}
    eased = {one: spent for one, spent in six_days.items() if one not in (day(7), day(8))}
    assert findings(eased, "2026-09") == []  # 21 hours beyond the days, none beyond the weeks


def test_a_week_without_a_free_day_counts_where_it_ends() -> None:
    week = {day(31, 8) + dt.timedelta(n): HOUR for n in range(7)}  # Monday 31 August to Sunday 6 September
    assert kinds(week) == ["weekly_rest_missing"]
    assert kinds(week, "2026-08") == []
    (one,) = findings(week, "2026-09")
    assert isinstance(one.finding, WeeklyRestMissing)
    assert [(it.first, it.last, it.worked_days, it.working_seconds) for it in one.finding.weeks] == [
        (day(31, 8), day(6), 7, 7 * HOUR)
    ]
    assert kinds({one: spent for one, spent in week.items() if one != day(3)}) == []
    assert (months_of(day(31, 8)), days_of("2026-09")) == ({"2026-08", "2026-09"}, (day(31, 8), day(30)))


def test_seven_days_over_two_weeks_are_no_week() -> None:
    assert kinds({day(2) + dt.timedelta(n): HOUR for n in range(7)}) == []


def test_in_a_year_before_the_law_nothing_is_found() -> None:
    assert findings({dt.date(1994, 6, 1): 20 * HOUR}, "1994-06") == []


def test_part_time_work_is_four_hours_a_day_on_average() -> None:
    """Three days of 3, 4 and 5 hours are 12 of 12; one second more is too long. The law says so of part-time work alone."""
    days = {day(1): 3 * HOUR, day(2): 4 * HOUR, day(3): 5 * HOUR}
    assert findings(days, "2026-09", set(days)) == []
    longer = days | {day(3): 5 * HOUR + 1}
    (one,) = findings(longer, "2026-09", set(longer))
    assert isinstance(one.finding, PartTimeExceeded)
    assert (one.finding.worked_days, one.finding.working_seconds, one.finding.weeks) == (3, 12 * HOUR + 1, ())
    assert {row.source for row in one.used} == {"劳动合同法 第68条"}
    assert findings(longer, "2026-09") == []


def test_part_time_work_is_twenty_four_hours_a_week() -> None:
    """Seven days of 3.5 hours, Monday 7 to Sunday 13, are 24.5 though no day is long; a week belongs to the month that it ends in."""
    week = {day(7 + n): 7 * HOUR // 2 for n in range(7)}
    found = [one.finding for one in findings(week, "2026-09", set(week)) if isinstance(one.finding, PartTimeExceeded)]
    [(first, last, spent)] = [(one.first, one.last, one.working_seconds) for one in found[0].weeks]
    assert (first, last, spent) == (day(7), day(13), 49 * HOUR // 2)
    assert [one for one in findings(week, "2026-08", set(week)) if isinstance(one.finding, PartTimeExceeded)] == []


def test_what_the_hours_rest_on_has_days_looked_at_again() -> None:
    """Where one of these parameters is put right, days are checked again."""
    worked = {day(number): 12 * 3600 for number in range(1, 31)}
    found = findings(worked, "2026-09", set(worked))
    assert len(found) == 3
    assert {row.key for one in found for row in one.used} <= set(PARAMETERS)

"""What leads show of working time and rest: the arithmetic of each finding. Times are seconds, days legal days."""

from __future__ import annotations

from datetime import date

import msgspec

from shared.contracts.base import Id, Instant, Month


class OvertimeDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day with more overtime than is ordinarily allowed."""

    day: date
    working_seconds: int
    overtime_seconds: int


class OvertimeExceeded(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="overtime_exceeded"):
    """An employee's overtime of a month at one employer (劳动法 art. 36, 41): what went beyond `daily_seconds` on each day, and
    `beyond_weeks`, what the rest of the `weeks` that end in the month came to beyond `week_seconds` each.

    `days` are those with more than `ordinary_seconds`; of them `beyond_special` had more than `special_seconds`, which no reason
    allows. `overtime_seconds` is that of the whole month, of which `month_seconds` are allowed.
    """

    month: Month
    daily_seconds: int
    ordinary_seconds: int
    special_seconds: int
    month_seconds: int
    overtime_seconds: int
    days: tuple[OvertimeDay, ...]
    beyond_special: int
    week_seconds: int = 0
    weeks: int = 0
    beyond_weeks: int = 0


class WeekWorked(msgspec.Struct, frozen=True, kw_only=True):
    """A week, Monday to Sunday, with too few days of rest, or too long for part-time work."""

    first: date
    last: date
    worked_days: int
    working_seconds: int


class WeeklyRestMissing(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="weekly_rest_missing"):
    """Weeks, by the month in which they end, in which an employee had fewer than `rest_days` at one employer (劳动法 art. 38)."""

    month: Month
    rest_days: int
    weeks: tuple[WeekWorked, ...]


class PartTimeExceeded(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="part_time_exceeded"):
    """Part-time work at one employer that was longer than part-time work may be (劳动合同法 art. 68): on the average of the days
    worked in the month beyond `day_seconds`, or in the `weeks` that end in it beyond `week_seconds`.
    """

    month: Month
    day_seconds: int
    week_seconds: int
    worked_days: int
    working_seconds: int
    weeks: tuple[WeekWorked, ...]


class OfDay(msgspec.Struct, frozen=True, kw_only=True):
    """What every finding in a day's work says of it: a person worked longer than `limit_seconds`, over all platforms.

    `spans` are the merged spans of it, the first ones where there are many (`spans_left_out`); `platform_seconds` is the part of
    the lead's platform, `other_platforms` the others concerned. `collective_contract_id`: where the limit is agreed.
    """

    day: date
    worked_seconds: int
    limit_seconds: int
    platform_seconds: int
    other_platforms: tuple[Id, ...]
    reached_at: Instant
    spans: tuple[tuple[Instant, Instant], ...]
    spans_left_out: int
    collective_contract_id: Id | None


class RestExceeded(OfDay, frozen=True, kw_only=True, tag_field="kind", tag="rest_exceeded"):
    """Work without a break of `break_seconds` that was longer than the limit (人社厅发〔2023〕50号 art. 5)."""

    break_seconds: int


class DrivingWithoutBreak(OfDay, frozen=True, kw_only=True, tag_field="kind", tag="driving_without_break"):
    """Driving for more than four hours without a rest of 20 minutes (道路交通安全法实施条例 art. 62(7))."""

    break_seconds: int


class DailyHoursExceeded(OfDay, frozen=True, kw_only=True, tag_field="kind", tag="daily_hours_exceeded"):
    """A day's work that was longer than the limit; the agreed allowance for waiting is in `worked_seconds`, not in `spans`."""

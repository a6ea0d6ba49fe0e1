"""Work on statutory holidays, overtime and work on days of rest, and what is paid for it.

On a statutory holiday an employee is due 300 % of the normal wage (劳动法 art. 44), and who is not fully an employee more than
the normal pay, as both agree (德人社发〔2022〕95号 art. 6; 人社厅发〔2023〕50号). What an hour is normally paid is what the other
hours of the period were: gross without the holiday's pay and the components that are no wage of the hours. Without components
nobody can say what was paid for the holiday: that goes to a person. So it is with overtime, at 150 %, and with work on days of
rest, at 200 %, of employees alone (劳动法 art. 44).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from services.complaints.parties.rules import Footing, footing_on, held_on
from services.complaints.pay import minimum_rules
from services.complaints.pay.amount_rules import shown
from services.complaints.pay.payment_rules import ZERO, Found, Pay
from services.complaints.pay.time_rules import (
    Interval,
    place_of,
    seconds_on_days,
    within_days,
    working_time,
)
from services.complaints.work_time.rules import free_after_night, merged
from shared.contracts.base import to_fen
from shared.contracts.complaints.pay_findings import HolidayPay, OvertimePay
from shared.policy.parameters import MissingParameter, parameters

HOLIDAY: Final = "holiday_overtime"
"""The component that is paid for work on statutory holidays."""
UNNAMED: Final = "work on a statutory holiday, and no components say what was paid for it"
OVERTIME: Final = "overtime"
"""The component that is paid for overtime and for work on days of rest."""
OVERTIME_UNNAMED: Final = "overtime, and no components say what was paid for it"
WEEK: Final = 7
_SECOND: Final = dt.timedelta(seconds=1)


def holiday_pay(pay: Pay, worked: Sequence[Interval], footings: Sequence[Footing]) -> tuple[Found | None, str | None]:
    """Work on statutory holidays paid no higher than it must be; or why a person must decide."""
    laws = {year: parameters.on(dt.date(year, 1, 1)) for year in range(pay.period_start.year, pay.period_end.year + 1)}
    days: list[dt.date] = []
    labour = [day for day in seconds_on_days(worked) if footing_on(footings, day) in ("employment", "partial")]
    try:
        for day in labour:
            if day.isoformat() in laws[day.year].texts("holiday.statutory_dates"):
                days.append(day)
    except MissingParameter as missing:
        return None, str(missing)
    if not days:
        return None, None
    if not pay.components:
        return None, UNNAMED
    law = parameters.on(pay.period_end, place=place_of(worked))
    try:
        outside = set(law.texts("minimum_wage.excluded")) | {HOLIDAY}
        employed = any(footing_on(footings, day) == "employment" for day in days)
        percent = law.amount("overtime.percent", "statutory_holiday") if employed else None
    except MissingParameter as missing:
        return None, str(missing)
    on_holidays = sum((working_time(within_days(worked, day, day)) for day in days), dt.timedelta())
    normal_time = working_time(worked) - on_holidays
    paid = sum((amount for kind, amount in pay.components if kind == HOLIDAY), ZERO)
    normal = max(pay.gross - minimum_rules.excluded(pay, outside), ZERO)
    due: Decimal | None = None
    if normal_time:
        as_employee = sum(
            (working_time(within_days(worked, day, day)) for day in days if footing_on(footings, day) == "employment"),
            dt.timedelta(),
        )
        hundredfold = Fraction(percent or 100) * (as_employee // _SECOND) + 100 * (
            (on_holidays - as_employee) // _SECOND
        )
        worth = Fraction(normal) * hundredfold / max(normal_time // _SECOND, 1) / 100
        due = to_fen(Decimal(worth.numerator) / Decimal(worth.denominator))
        # who is no full employee is only to be paid more than the normal hour
        enough = paid >= due if percent is not None else paid > due
    else:
        enough = paid > 0
    if enough or pay.unnamed:
        return None, None if enough else UNNAMED
    finding = HolidayPay(
        settlement_id=pay.settlement_id,
        further_settlements=pay.parts,
        period_start=pay.period_start,
        period_end=pay.period_end,
        days=tuple(days),
        holiday_seconds=on_holidays // _SECOND,
        holiday_pay=shown(paid),
        normal_seconds=normal_time // _SECOND,
        normal_hourly=shown(to_fen(normal * 3600 / (normal_time // _SECOND))) if normal_time >= _SECOND else None,
        percent=None if percent is None else str(percent),
        due=None if due is None else shown(due),
    )
    used = (*(row for one in laws.values() for row in one.used), *law.used)
    return Found(finding=finding, used=used, to_judge=("holiday_rate",)), None


def overtime_pay(pay: Pay, worked: Sequence[Interval], footings: Sequence[Footing]) -> tuple[Found | None, str | None]:
    """An employee's overtime and work on days of rest paid less than they must be; or why a person must decide. Who works part time
    has no normal day beyond which the law pays more (劳动合同法 art. 68, 72): that the work is longer is a sign of its own."""
    if not worked:
        return None, None
    law = parameters.on(pay.period_end, place=place_of(worked))
    spent = {
        day: seconds
        for day, seconds in seconds_on_days(worked).items()
        if (held := held_on(footings, day)) is not None and held.relation == "employment" and not held.part_time
    }
    try:
        normal_day = law.number("working_time.daily_hours") * 3600
        # most settlements have neither a long day nor a whole week
        if max(spent.values(), default=0) <= normal_day and len(spent) < WEEK:
            return None, None
        holidays = {day for year in {day.year for day in spent} for day in _holidays(year)}
        ordinary = {day: seconds for day, seconds in spent.items() if day.isoformat() not in holidays}
        spans = merged((int(one.taken_at.timestamp()), int(one.finished_at.timestamp())) for one in worked)
        rest_seconds = law.number("working_time.rest_day_hours") * 3600
        rest = rest_days(ordinary, free_after_night(spans, ordinary, rest_seconds))
        overtime = sum(
            seconds - normal_day for day, seconds in ordinary.items() if day not in rest and seconds > normal_day
        )
        on_rest_days = sum(ordinary[day] for day in rest)
        if not overtime and not on_rest_days:
            return None, None
        if not pay.components:
            return None, OVERTIME_UNNAMED
        percents = law.amount("overtime.percent", "working_day"), law.amount("overtime.percent", "rest_day")
        outside = {*law.texts("minimum_wage.excluded"), HOLIDAY, OVERTIME}
    except MissingParameter as missing:
        return None, str(missing)
    on_holidays = sum(seconds for day, seconds in spent.items() if day.isoformat() in holidays)
    normal_time = working_time(worked) // _SECOND - on_holidays - overtime - on_rest_days
    if normal_time <= 0:
        return None, OVERTIME_UNNAMED
    normal = max(pay.gross - minimum_rules.excluded(pay, outside), ZERO)
    hundredfold = Fraction(percents[0]) * overtime + Fraction(percents[1]) * on_rest_days
    worth = Fraction(normal) * hundredfold / normal_time / 100
    due = to_fen(Decimal(worth.numerator) / Decimal(worth.denominator))
    paid = sum((amount for kind, amount in pay.components if kind == OVERTIME), ZERO)
    if paid >= due or pay.unnamed:
        return None, None if paid >= due else OVERTIME_UNNAMED
    finding = OvertimePay(
        settlement_id=pay.settlement_id,
        further_settlements=pay.parts,
        period_start=pay.period_start,
        period_end=pay.period_end,
        daily_seconds=normal_day,
        overtime_seconds=overtime,
        rest_days=tuple(rest),
        rest_day_seconds=on_rest_days,
        overtime_pay=shown(paid),
        normal_seconds=normal_time,
        normal_hourly=shown(to_fen(normal * 3600 / normal_time)),
        overtime_percent=str(percents[0]),
        rest_day_percent=str(percents[1]),
        due=shown(due),
        shortfall=shown(due - paid),
    )
    return Found(finding=finding, used=law.used, to_judge=("overtime_rate", "overtime_arranged", "rest_instead")), None


def rest_days(spent: Mapping[dt.date, int], free: Collection[dt.date] = ()) -> list[dt.date]:
    """Of each week, Monday to Sunday, that was worked on every day the day with the least work: one of them was to be free. A day
    that is `free` after a night's work is."""
    weeks = [[day + dt.timedelta(n) for n in range(WEEK)] for day in sorted(spent) if day.weekday() == 0]
    return [
        min(week, key=lambda day: (spent[day], day))
        for week in weeks
        if all(day in spent and day not in free for day in week)
    ]


def _holidays(year: int) -> tuple[str, ...]:
    return tuple(parameters.on(dt.date(year, 1, 1)).texts("holiday.statutory_dates"))

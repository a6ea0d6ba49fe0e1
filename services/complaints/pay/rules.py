"""Everything that a settlement is checked for (德人社发〔2022〕95号 art. 5, 6), and work on statutory holidays and overtime.

On a statutory holiday an employee is due 300 % of the normal wage (劳动法 art. 44), and who is not fully an employee more than
the normal pay, as both agree (德人社发〔2022〕95号 art. 6; 人社厅发〔2023〕50号). What an hour is normally paid is what the other
hours of the period were: gross without the holiday's pay and the components that are no wage of the hours. Without components
nobody can say what was paid for the holiday: that goes to a person. So it is with overtime, at 150 %, and with work on days of
rest, at 200 %, of employees alone (劳动法 art. 44).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from services.complaints.collective_contracts.rules import CollectiveContract
from services.complaints.parties.rules import Footing, footing_on, held_on
from services.complaints.pay import agreed_rules, minimum_rules, month_rules, payment_rules, together_rules
from services.complaints.pay.amount_rules import shown
from services.complaints.pay.payment_rules import ZERO, Found, Pay, footings_in
from services.complaints.pay.time_rules import (
    Interval,
    days_of,
    on_paid_days,
    place_of,
    seconds_on_days,
    within_days,
    working_time,
)
from services.complaints.work_time.rules import free_after_night, merged
from shared.contracts.base import to_fen
from shared.contracts.complaints.pay_findings import HolidayPay, OvertimePay
from shared.identity.regions import CITY
from shared.policy import calendar
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import MissingParameter, Used, parameters

HOLIDAY: Final = "holiday_overtime"
"""The component that is paid for work on statutory holidays."""
UNNAMED: Final = "work on a statutory holiday, and no components say what was paid for it"
OVERTIME: Final = "overtime"
"""The component that is paid for overtime and for work on days of rest."""
OVERTIME_UNNAMED: Final = "overtime, and no components say what was paid for it"
PASSED_ON: Final = "the reference passed to somebody else within the period, and nobody says what was paid to whom"
TOO_MANY: Final = (
    "the person has more references at the platform than are reckoned together, and each was looked at by itself"
)
IN_PARTS: Final = "what several settlements paid for the same days was counted together; whether one replaces another"
EDITION: Final = "2022-04-29|rules|accounts of one person together, whose a reference is on a day"
"""A row beside the parameters', with the day since when it makes a difference: where the checks themselves are others than before,
another text has settlements checked again."""
WEEK: Final = 7
_SECOND: Final = dt.timedelta(seconds=1)
_PARAMETERS: Final = (
    "footing.minimum_wage",
    "holiday.statutory_dates",
    "minimum_wage.excluded",
    "minimum_wage.hourly",
    "minimum_wage.monthly",
    "minimum_wage.within",
    "overtime.percent",
    "part_time.settle_days",
    "rest.longest_span_hours",
    "wages.damages_percent",
    "wages.days_per_month",
    "wages.deductions_allowed",
    "wages.deductions_damages",
    "wages.deductions_forbidden",
    "wages.settle_months",
    "working_time.daily_hours",
    "working_time.rest_day_hours",
)
"""What the checks read: where one of these has another row than before, settlements are checked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came out of all checks. `undecided`: why a person must look; `agreed`: on some days the pay is agreed, and no minimum
    wage holds; `district`: where the work was, or the engagement is."""

    found: tuple[Found, ...]
    undecided: tuple[str, ...]
    agreed: bool
    district: str
    used: tuple[Used, ...] = ()


def rows(keys: Collection[str] = _PARAMETERS) -> list[str]:
    """Every row of parameters (those that the checks read), as text that changes where it does."""
    return sorted(
        f"{row.valid_from}|{parameter.key}|{row.model_dump_json(exclude={'note', 'source', 'published'})}"
        for parameter in parameters
        if parameter.key in keys
        for row in parameter.rows
    )


def days_off() -> str:
    """The table of days off as a row of its own: paydays rest on it, and a year's is published late in the year before."""
    return f"{calendar.FIRST_UNCERTAIN}|calendar|{calendar.VERSION}"


def first_difference(known: Iterable[str], today: Iterable[str]) -> dt.date | None:
    """From which day on the law is another than it was known to be, by `rows`; None where it is the same."""
    different = set(known) ^ set(today)
    return min((dt.date.fromisoformat(row[:10]) for row in different), default=None)


def check(
    pay: Pay,
    intervals: Sequence[Interval],
    footings: Sequence[Footing],
    contracts: Sequence[CollectiveContract] = (),
    district: str | None = None,
    others: Sequence[Pay] = (),
) -> Checked:
    """Everything in a settlement that shows a rule broken. `district`: that of the engagement, for where no order says one;
    `intervals`, `others`: the person's orders and other settlements of some of the days of `month_rules.reach`, under all references
    that are one account of theirs."""
    intervals = _without_faults(intervals)
    worked = on_paid_days(intervals, pay.paid_for)
    relations = footings_in(footings, pay)
    whole = together_rules.together(pay, others)
    own = minimum_rules.measure(pay if whole is None else whole, intervals, footings, contracts)
    found: list[Found | None] = []
    undecided: list[str | None] = []
    used = own.used
    if whole is not None:
        month = month_rules.of_month(pay, others, footings)
        if month is None:
            asked = _asked(whole, together_rules.clashing(pay, others))
            found += [_judged(one, asked) for one in (own.found, payment_rules.damages_too_large(whole, relations))]
            undecided.append(own.undecided)
        elif month.is_told_by(pay):
            signs, measured = _of_month(month, intervals, footings, contracts)
            found, undecided, used = [*found, *signs], [*undecided, measured.undecided], measured.used
        signs, unsaid = _of_days(whole, others, intervals, footings, contracts)
        found, undecided = [*found, *signs], [*undecided, *unsaid]
        if any(undecided) and (whole.parts or (month is not None and month.in_parts)):
            undecided.append(IN_PARTS)
    found += [
        payment_rules.late(pay, relations),
        payment_rules.short(pay),
        None
        if together_rules.paid_within(pay, others, days_of(worked))
        else payment_rules.period_too_long(pay, relations),
        payment_rules.part_time_period_too_long(pay, footings),
        payment_rules.unlawful_deductions(pay, relations),
    ]
    return Checked(
        found=tuple(one for one in found if one is not None),
        undecided=tuple(one for one in dict.fromkeys(undecided) if one is not None),
        agreed=own.agreed,
        district=place_of(worked) if worked else district or CITY,
        used=used,
    )


def of_replaced(district: str | None) -> Checked:
    """What a settlement shows that another took the place of: nothing, whatever it showed before."""
    return Checked(found=(), undecided=(), agreed=False, district=district or CITY)


def of_several(
    pay: Pay, intervals: Sequence[Interval], footings: Sequence[Footing], district: str | None = None
) -> Checked:
    """What a settlement shows whose reference passed to somebody else within its period. How much of it is whose pay for whose work
    nobody says: a person must; it is charged to none of them."""
    return _by_itself(pay, intervals, footings, district, PASSED_ON, "reference_passed")


def of_many(
    pay: Pay, intervals: Sequence[Interval], footings: Sequence[Footing], district: str | None = None
) -> Checked:
    """What a settlement shows of a person with more references at the platform than are reckoned together: what all of them pay for
    all that was worked somebody must add up."""
    return _by_itself(pay, intervals, footings, district, TOO_MANY, "accounts_left_out")


def _by_itself(
    pay: Pay,
    intervals: Sequence[Interval],
    footings: Sequence[Footing],
    district: str | None,
    undecided: str,
    asked: str,
) -> Checked:
    """What is so of a settlement whatever else was paid to whom: whether in time, in full and without unlawful deductions."""
    worked = on_paid_days(_without_faults(intervals), pay.paid_for)
    relations = footings_in(footings, pay)
    found = (
        payment_rules.late(pay, relations),
        payment_rules.short(pay),
        payment_rules.unlawful_deductions(pay, relations),
    )
    return Checked(
        found=tuple(judged for one in found if (judged := _judged(one, [asked])) is not None),
        undecided=(undecided,),
        agreed=False,
        district=place_of(worked) if worked else district or CITY,
    )


def _of_month(
    month: month_rules.Month,
    intervals: Sequence[Interval],
    footings: Sequence[Footing],
    contracts: Sequence[CollectiveContract],
) -> tuple[list[Found | None], minimum_rules.Measured]:
    """What the settlements for parts of a month show together; and how they were held to the minimum."""
    measured = minimum_rules.measure(month.pay, intervals, footings, contracts)
    damages = payment_rules.damages_too_large(month.pay, footings_in(footings, month.pay))
    asked = _asked(month.pay, month.clashing, in_parts=month.in_parts)
    worked = on_paid_days(intervals, month.pay.paid_for)
    place = place_of(worked) if worked else None
    return [_judged(one, asked, place) for one in (measured.found, damages)], measured


def _of_days(
    pay: Pay,
    others: Sequence[Pay],
    intervals: Sequence[Interval],
    footings: Sequence[Footing],
    contracts: Sequence[CollectiveContract],
) -> tuple[list[Found | None], list[str | None]]:
    """What all that was paid for the days of a settlement shows of holidays, overtime and what a collective contract agrees."""
    worked = on_paid_days(intervals, pay.paid_for)
    holiday, holiday_open = holiday_pay(pay, worked, footings)
    overtime, overtime_open = overtime_pay(pay, worked, footings)
    piece_rates = agreed_rules.piece_rates(pay, intervals, footings, contracts)
    commission = agreed_rules.commission(pay, worked, footings, contracts)
    asked = _asked(pay, together_rules.clashing(pay, others))
    return [_judged(one, asked) for one in (holiday, overtime, piece_rates, commission)], [holiday_open, overtime_open]


def _asked(pay: Pay, clashing: Collection[str], *, in_parts: bool | None = None) -> list[str]:
    """What a person must judge beside, where other settlements are for the same days, or other accounts were counted in, or could not
    be."""
    asked = (
        ("paid_in_parts", bool(pay.parts) if in_parts is None else in_parts),
        ("periods_overlap", bool(clashing)),
        ("accounts_together", len(pay.accounts) > 1),
        ("accounts_apart", bool({*clashing} - pay.accounts)),
    )
    return [code for code, applies in asked if applies]


def _judged(found: Found | None, asked: Sequence[str], place: str | None = None) -> Found | None:
    return None if found is None else replace(found, to_judge=(*found.to_judge, *asked), district=place)


def _without_faults(intervals: Sequence[Interval]) -> list[Interval]:
    """Without orders that are longer than one can be (`rest.longest_span_hours`): they were left open, and are no working time."""
    longest: dict[dt.date, dt.timedelta] = {}
    found = []
    for one in intervals:
        day = shanghai_date(one.finished_at)
        if day not in longest:
            longest[day] = dt.timedelta(hours=parameters.on(day).number("rest.longest_span_hours"))
        if one.finished_at - one.taken_at <= longest[day]:
            found.append(one)
    return found


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

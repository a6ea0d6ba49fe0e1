"""Everything that a settlement is checked for (德人社发〔2022〕95号 art. 5, 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.complaints.collective_contracts.rules import CollectiveContract
from services.complaints.parties.rules import Footing
from services.complaints.pay import agreed_rules, minimum_rules, month_rules, payment_rules, together_rules
from services.complaints.pay.extra_pay_rules import holiday_pay, overtime_pay
from services.complaints.pay.payment_rules import Found, Pay, footings_in
from services.complaints.pay.time_rules import (
    Interval,
    days_of,
    on_paid_days,
    place_of,
)
from shared.identity.regions import CITY
from shared.policy import calendar
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used, parameters

PASSED_ON: Final = "the reference passed to somebody else within the period, and nobody says what was paid to whom"
TOO_MANY: Final = (
    "the person has more references at the platform than are reckoned together, and each was looked at by itself"
)
IN_PARTS: Final = "what several settlements paid for the same days was counted together; whether one replaces another"
EDITION: Final = "2022-04-29|rules|accounts of one person together, whose a reference is on a day"
"""A row beside the parameters', with the day since when it makes a difference: where the checks themselves are others than before,
another text has settlements checked again."""
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

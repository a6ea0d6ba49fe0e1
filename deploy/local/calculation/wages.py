"""Leads on pay (德人社发〔2022〕95 号 art. 5): below the minimum wage, late, short, for too long a time, unlawful deductions.

What several settlements pay for the same days, or for days within a month, counts together, on the one of the longest period; what
an employee is paid for parts of a month that make up all of it, on the first of them: whichever of the accounts that are one they are
told under. What another settlement replaces counts no more.
Work on statutory holidays and overtime is left out: no input here says what was paid for it, so that officers decide. So is work
that no settlement covers: what comes so late is looked at a day after, when the run has ended.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from deploy.local.calculation.accounts import circles
from deploy.local.calculation.days_off import last_working_day
from deploy.local.calculation.registry import Engagement
from deploy.local.calculation.validation import SHANGHAI, Fact

SETTLEMENT = "settlement.paid.v1"
FOOTINGS_FROM = date(2022, 4, 29)
HOURLY_MINIMUM = Decimal(21)
MONTHLY_MINIMUM = ((date(2025, 1, 1), Decimal(2200)), (date(2022, 4, 1), Decimal(1970)))
DAYS_OF_A_MONTH = Decimal("21.75")
PART_TIME_DAYS = 15
MONTHLY_SETTLEMENT_FROM = date(2023, 11, 8)
# What is withheld for the worker's own insurance, fund and tax is part of the pay.
STATUTORY = frozenset({"social_insurance", "housing_fund", "income_tax"})
DAMAGES = frozenset({"damages", "compensation"})
FORBIDDEN = frozenset({
    "deposit", "guarantee", "entry_fee", "training_fee", "clothing_fee", "equipment_deposit", "management_fee",
})  # fmt: skip
NO_WAGE = frozenset({
    "overtime", "holiday_overtime", "shift_allowance", "heat_allowance", "cold_allowance", "underground_allowance",
    "hazard_allowance", "non_wage_welfare", "non_cash_subsidy",
})  # fmt: skip
_FEN = Decimal("0.01")
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS_AN_HOUR = 3_600_000_000

LONGEST_ORDER = timedelta(hours=24)
"""An order that is longer was left open."""

Span = tuple[datetime, datetime]
Work = Mapping[str, Sequence[Span]]
"""Orders by the reference under which they were done."""


def worked_hours(orders: Iterable[Span], start: datetime, end: datetime) -> Fraction:
    """Hours covered by at least one order between two instants; overlapping orders count once."""
    total = timedelta()
    until = start
    for taken, finished in sorted(orders):
        begin, stop = max(taken, until), min(finished, end)
        if stop > begin:
            total += stop - begin
            until = stop
    return Fraction(total // _MICROSECOND, _MICROSECONDS_AN_HOUR)


def hours_on(orders: Sequence[Span], first: date, last: date) -> Fraction:
    """Hours worked on days, both included."""
    midnight = datetime.combine(last + _DAY, time.min, SHANGHAI)
    return worked_hours(orders, datetime.combine(first, time.min, SHANGHAI), midnight)


def footing_of(engagements: Sequence[Engagement], day: date) -> str | None:
    """The footing on a day: of several engagements that of the one begun last."""
    covering = [one for one in engagements if one.covers(day)]
    return max(covering, key=lambda one: one.started_on).relation if covering else None


def is_part_time(engagements: Sequence[Engagement], day: date) -> bool:
    """Whether the footing of a day is employment by the hour."""
    covering = [one for one in engagements if one.covers(day)]
    return bool(covering) and max(covering, key=lambda one: one.started_on).part_time


def month_of(day: date) -> tuple[date, date]:
    """The first and last day of the month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - _DAY


def paid_days(days: Iterable[date]) -> int:
    return sum(day.weekday() < 5 for day in days)


def monthly_due(days: Sequence[date], first: date, last: date, in_month: int) -> Fraction:
    """What the monthly minimum gives for days of one month on which somebody is employed, of which it has so many paid ones."""
    begin, end = (first, last) if month_later(first) - _DAY <= last <= month_end(first) else month_of(days[0])
    minimum = next(amount for since, amount in MONTHLY_MINIMUM if since <= days[0])
    if first <= begin and end <= last:
        whole = paid_days(begin + _DAY * number for number in range((end - begin).days + 1))
        return Fraction(minimum) * Fraction(paid_days(days), whole)
    return Fraction(minimum) * Fraction(paid_days(days)) / max(Fraction(DAYS_OF_A_MONTH), Fraction(in_month))


def due(first: date, last: date, orders: Sequence[Span], engagements: Sequence[Engagement]) -> Decimal | None:
    """What a period's minimum wages come to, by the footing of each day; None where no figure is known for a day of it."""
    total = Fraction(0)
    months: defaultdict[tuple[date, int], list[date]] = defaultdict(list)
    stretch = 0
    for number in range((last - first).days + 1):
        day = first + _DAY * number
        footing = footing_of(engagements, day)
        if footing is not None and day < FOOTINGS_FROM:
            return None
        by_hour = footing == "partial" or is_part_time(engagements, day)
        if footing == "employment" and not by_hour:
            months[month_of(day)[0], stretch].append(day)
        else:
            stretch += 1
        if by_hour:
            total += Fraction(HOURLY_MINIMUM) * hours_on(orders, day, day)
    in_month: Counter[date] = Counter()
    for (month, _), days in months.items():
        in_month[month] += paid_days(days)
    total += sum((monthly_due(days, first, last, in_month[month]) for (month, _), days in months.items()), Fraction(0))
    return (Decimal(total.numerator) / Decimal(total.denominator)).quantize(_FEN, ROUND_HALF_UP)


def paid_for(data: dict[str, Any]) -> list[tuple[str, date, date]]:
    """The references that a settlement, or several together, pay, with their days."""
    own = [(data["worker_ref"], data["period_start"], data["period_end"])]
    return list(data.get("paid_for", own))


def work_of(data: dict[str, Any], work: Work) -> list[Span]:
    """The orders of the days for which each reference was paid."""
    return [
        (max(taken, start), min(finished, end))
        for ref, first, last in paid_for(data)
        for start, end in [(midnight(first), midnight(last + _DAY))]
        for taken, finished in work.get(ref, ())
        if taken < end and start < finished
    ]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)


def is_below_minimum(data: dict[str, Any], work: Work, engagements: Sequence[Engagement]) -> bool:
    """Whether a settlement pays less than the minimum of its days, where orders show that there was work."""
    first, last, orders = data["period_start"], data["period_end"], work_of(data, work)
    if not hours_on(orders, first, last):
        return False
    owed = due(first, last, orders, engagements)
    held_back = sum((part["amount"] for part in data["deductions"] if part["kind"] not in STATUTORY), Decimal(0))
    no_wage = sum((part["amount"] for part in data["components"] or () if part["kind"] in NO_WAGE), Decimal(0))
    return owed is not None and max(data["gross"] - held_back - no_wage, Decimal(0)) < owed


def month_later(first: date) -> date:
    """The same day of the next month, or its last one."""
    next_first = month_of(first)[1] + _DAY
    return min(next_first + _DAY * (first.day - 1), month_of(next_first)[1])


def month_end(first: date) -> date:
    """The last day of a month that is paid from a day on: the day before the same day of the next one, or before its last day where
    the month begins on a last day, as from the 31st on."""
    begins_last = first == month_of(first)[1]
    return (month_of(first + _DAY)[1] if begins_last else month_later(first)) - _DAY


def is_too_long(first: date, last: date) -> bool:
    """Whether more than a month is settled at once."""
    return last >= MONTHLY_SETTLEMENT_FROM and last > month_end(first)


def is_within(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(other["period_start"] <= one["period_start"] and one["period_end"] <= other["period_end"])


def stands_for(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether what another settlement paid is measured with this one."""
    if is_within(one, other) and is_within(other, one):
        return bool((one["paid_on"], one["settlement_id"]) < (other["paid_on"], other["settlement_id"]))
    return is_within(other, one) and bool(one["period_end"] <= month_end(one["period_start"]))


def together(data: dict[str, Any], others: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """A settlement with what others paid for its days; None where another one stands for it."""
    if any(stands_for(other, data) for other in others):
        return None
    parts = [data, *(other for other in others if is_within(other, data))]
    return {
        **data,
        "gross": sum((part["gross"] for part in parts), Decimal(0)),
        "deductions": [one for part in parts for one in part["deductions"]],
        "components": [one for part in parts for one in part["components"] or ()],
        "paid_for": [days for part in parts for days in paid_for(part)],
    }


def party_of(engagements: Sequence[Engagement], day: date) -> tuple[str, str] | None:
    """Who works for whom, by the engagement that began last by a day, or else by the first one."""
    begun = sorted(engagements, key=lambda one: one.started_on)
    by_then = [one for one in begun if one.started_on <= day]
    one = by_then[-1] if by_then else begun[0] if begun else None
    return None if one is None else (one.id_number, one.partner or one.platform)


def of_account(data: dict[str, Any], engagements: Sequence[Engagement]) -> list[Engagement]:
    return [one for one in engagements if one.worker_ref == data["worker_ref"]]


def are_paid_twice(parts: Sequence[dict[str, Any]], month: Sequence[date]) -> bool:
    """Whether two of several settlements pay a day of one account."""
    days = [
        one
        for part in parts
        for one in {(ref, day) for ref, first, last in paid_for(part) for day in month if first <= day <= last}
    ]
    return len(days) != len(set(days))


def month_together(
    data: dict[str, Any], others: Sequence[dict[str, Any]], engagements: Sequence[Engagement]
) -> list[dict[str, Any]]:
    """The settlements for parts of an employee's month that pay each of its days once, by their days; empty where they do not."""
    first, last = month_of(data["period_start"])
    party = party_of(of_account(data, engagements), data["period_end"])
    own = [one for one in engagements if (one.id_number, one.partner or one.platform) == party]
    month = [first + _DAY * number for number in range((last - first).days + 1)]
    employed = {day for day in month if footing_of(own, day) == "employment" and not is_part_time(own, day)}
    if data["period_end"] > last or any(day < FOOTINGS_FROM for day in employed):
        return []
    told, parts = [data, *others], []
    for one in told:
        days = {day for day in month if one["period_start"] <= day <= one["period_end"]}
        inside = first <= one["period_start"] and one["period_end"] <= last
        if inside and days & employed and party_of(of_account(one, engagements), one["period_end"]) == party:
            whole = together(one, [other for other in told if other is not one])
            parts += [] if whole is None else [whole]
    parts.sort(key=lambda one: (one["period_start"], one["settlement_id"]))
    paid = {day for one in parts for day in month if one["period_start"] <= day <= one["period_end"]}
    gaps = [day for day in month if paid and min(paid) < day < max(paid) and day not in paid]
    if len(parts) < 2 or gaps or are_paid_twice(parts, month) or not employed <= paid:
        return []
    return parts if any(one["settlement_id"] == data["settlement_id"] for one in parts) else []


def of_month(
    data: dict[str, Any], others: Sequence[dict[str, Any]], engagements: Sequence[Engagement]
) -> dict[str, Any] | None:
    """What a settlement is held to the minimum with: all that was paid for its days, and on the first of those for parts of a month
    all that was paid for the month; None where another one stands for it."""
    parts = month_together(data, others, engagements)
    if not parts:
        return together(data, others)
    if parts[0]["settlement_id"] != data["settlement_id"]:
        return None
    return {
        **parts[0],
        "period_end": max(part["period_end"] for part in parts),
        "gross": sum((part["gross"] for part in parts), Decimal(0)),
        "deductions": [one for part in parts for one in part["deductions"]],
        "components": [one for part in parts for one in part["components"]],
        "paid_for": [days for part in parts for days in paid_for(part)],
    }


def replaced(several: Sequence[Fact]) -> set[str]:
    """The settlements of one worker that others replace; of those that do so in a circle the one told last holds."""
    place_of = {one.data["settlement_id"]: one.data["replaces"] for one in several if one.data["replaces"]}
    told = {one.data["settlement_id"]: (one.time, one.position) for one in several}
    found = set()
    for by, old in place_of.items():
        circle, following = [by], old
        while following in place_of and following not in circle:
            circle.append(following)
            following = place_of[following]
        if following != by or max(circle, key=lambda one: told[one]) != old:
            found.add(old)
    return found


def is_paid_by_shorter(data: dict[str, Any], others: Sequence[dict[str, Any]], orders: Sequence[Span]) -> bool:
    """Whether shorter settlements of the account within this one, which pay something, are for all its days of work."""
    own = [other for other in others if other["gross"] and other["worker_ref"] == data["worker_ref"]]
    shorter = [other for other in own if is_within(other, data) and not is_within(data, other)]
    first, days = data["period_start"], (data["period_end"] - data["period_start"]).days + 1
    left = [
        day
        for day in (first + _DAY * number for number in range(days))
        if not any(other["period_start"] <= day <= other["period_end"] for other in shorter)
    ]
    return bool(shorter) and not any(hours_on(orders, day, day) for day in left)


def leads_of(
    data: dict[str, Any],
    others: Sequence[dict[str, Any]],
    work: Work,
    engagements: Sequence[Engagement],
) -> Counter[str]:
    """The leads that a settlement gives, by kind. `others`: of the accounts that are one with its own, as the engagements are."""
    first, last, gross = data["period_start"], data["period_end"], data["gross"]
    days = [first + _DAY * number for number in range((last - first).days + 1)]
    footings = {footing_of(engagements, day) for day in days}
    part_time = [day for day in days if is_part_time(engagements, day)]
    labour = bool(footings & {"employment", "partial"})
    deductions = [part for part in data["deductions"] if part["amount"]]
    lawful = STATUTORY | DAMAGES | {"court_order"}
    whole = of_month(data, others, engagements)
    withheld, share = Decimal(0), Decimal(0)
    if whole is not None:
        withheld = sum((part["amount"] for part in whole["deductions"] if part["kind"] in DAMAGES), Decimal(0))
        share = (whole["gross"] / 5).quantize(_FEN, ROUND_HALF_UP)
    last_day = last if whole is None else whole["period_end"]
    too_long = labour and is_too_long(first, last)
    found = {
        "pay_below_minimum": whole is not None and is_below_minimum(whole, work, engagements),
        "pay_late": data["net"] > 0
        and data["paid_on"] > (last_working_day(data["due_on"]) if "employment" in footings else data["due_on"]),
        "pay_short": data["net"] < gross - sum((part["amount"] for part in deductions), Decimal(0)),
        "pay_period_too_long": too_long and not is_paid_by_shorter(data, others, work.get(data["worker_ref"], ())),
        "part_time_period_too_long": bool(part_time) and (part_time[-1] - part_time[0]).days >= PART_TIME_DAYS,
        "deduction_unlawful": any(
            part["kind"] in FORBIDDEN or (labour and part["kind"] not in lawful) for part in deductions
        ),
        "deduction_too_large": withheld > share
        and any(
            footing_of(engagements, day) == "employment"
            for day in (first + _DAY * number for number in range((last_day - first).days + 1))
        ),
    }
    return Counter(kind for kind, given in found.items() if given)


def leads(facts: Sequence[Fact], orders: Iterable[Fact], engagements: Iterable[Engagement]) -> Counter[str]:
    """The leads that the settlements give, each as it was told last, by kind."""
    spans: defaultdict[tuple[str, str], list[Span]] = defaultdict(list)
    for order in orders:
        taken, finished = order.data["taken_at"], order.data["finished_at"]
        if finished - taken <= LONGEST_ORDER:
            spans[order.worker].append((taken, finished))
    standing: defaultdict[tuple[str, str], list[Engagement]] = defaultdict(list)
    for engagement in engagements:
        standing[engagement.worker].append(engagement)
    settlements: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        if fact.type == SETTLEMENT:
            known = settlements.get((fact.platform, fact.data["settlement_id"]))
            if known is None or fact.time > known.time:
                settlements[fact.platform, fact.data["settlement_id"]] = fact
    paid: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
    for one in settlements.values():
        paid[one.worker].append(one)
    found = Counter[str]()
    for accounts in circles(one for several in standing.values() for one in several):
        found += leads_of_accounts(accounts, paid, spans, standing)
    for worker in paid.keys() - standing.keys():
        found += leads_of_accounts([worker], paid, spans, standing)
    return found


def leads_of_accounts(
    accounts: Sequence[tuple[str, str]],
    paid: Mapping[tuple[str, str], Sequence[Fact]],
    spans: Mapping[tuple[str, str], Sequence[Span]],
    standing: Mapping[tuple[str, str], Sequence[Engagement]],
) -> Counter[str]:
    """The leads of the accounts of a person at a platform that are one."""
    counting: list[dict[str, Any]] = []
    for account in accounts:
        several = paid.get(account, ())
        gone = replaced(several)
        counting += [one.data for one in several if one.data["settlement_id"] not in gone]
    work = {account[1]: spans.get(account, ()) for account in accounts}
    engagements = [one for account in accounts for one in standing.get(account, ())]
    found = Counter[str]()
    for data in counting:
        found += leads_of(data, [other for other in counting if other is not data], work, engagements)
    return found

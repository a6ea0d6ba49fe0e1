"""What an order costs its platform, and what corrects an order that was charged otherwise."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from services.insurance.footing.rules import Span
from services.insurance.premiums.rates import (
    ZERO,
    FloatingRate,
    Price,
    floated,
    floating_on,
    provincial_tier,
    rate,
)
from shared.policy import calendar
from shared.policy.parameters import Law, parameters

Cause = Literal["employment", "delivery_class", "rate"]
DayClass = tuple[dt.date, str]


EMPLOYED = Price(0, ZERO, "", "employment")


@dataclass(slots=True)
class Terms:
    """What prices a platform's orders, besides the law. `employed` are the labour relations by worker_ref, `rates` the
    floating rates by industry, in the order of their days.
    """

    declared: Sequence[DayClass] = ()
    assigned: Sequence[DayClass] = ()
    employed: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    platform: str | None = None
    rates: Mapping[str, Sequence[FloatingRate]] = field(default_factory=dict)


def class_on(
    day: dt.date, declared: Sequence[DayClass], assigned: Sequence[DayClass], provincial: str | None = None
) -> str | None:
    """A platform's delivery class on a day, None where it has none. Both lists are sorted by day.

    What an officer has set holds from its day on, whatever is declared later; then the class that the province has set
    (oip.platform_tier); what is declared holds from its day, and the first declaration also before it.
    """
    if assigned and assigned[0][0] <= day:
        return assigned[bisect_right(assigned, day, key=_first) - 1][1]
    if provincial is not None:
        return provincial
    if declared:
        return declared[max(bisect_right(declared, day, key=_first) - 1, 0)][1]
    return None


def _first(row: DayClass) -> dt.date:
    return row[0]


def price(terms: Terms, worker_ref: str, day: dt.date, industry: str, district: str) -> Price:
    """The price of an order finished on a legal day.

    No premium where the worker stands in a labour relation with the platform that day: work-injury insurance covers it
    (办法（试行） art. 2). Otherwise every order is insured, whatever the state of the engagement.
    """
    spans = terms.employed.get(worker_ref)
    if spans and any(span.covers(day) for span in spans):
        return EMPLOYED
    provincial = provincial_tier(terms.platform, day, industry)
    found = rate(day, industry, district, terms.platform, class_on(day, terms.declared, terms.assigned, provincial))
    own = floating_on(day, terms.rates[industry]) if industry in terms.rates else None
    return floated(found, own) if own else found


def correction(
    charged: Iterable[tuple[int, Decimal]], due: Price, *, reason: str | None = None, law: str = ""
) -> tuple[int, Decimal, Cause] | None:
    """What must be added to an order's entries (orders, premium) so that they come to what is due; None for nothing.

    `reason` and `law` are those of the last entry: by them the correction says what caused it.
    """
    entries = list(charged)
    orders = due.orders - sum(count for count, _ in entries)
    premium = due.premium - sum((amount for _, amount in entries), ZERO)
    if orders == 0 and premium == 0:
        return None
    if orders and "employment" in (reason, due.reason):
        return orders, premium, "employment"
    same_class = bool(orders) or law.partition(" ")[0] == due.law.partition(" ")[0]
    return orders, premium, "rate" if same_class else "delivery_class"


def first_difference(months: tuple[str, str], one: Terms, other: Terms) -> str | None:
    """The first of the months (`YYYY-MM`, both ends included) in which two sets of classes differ, None for no month."""
    days = [dt.date.fromisoformat(f"{months[0]}-01")]
    days += [day for terms in (one, other) for day, _ in (*terms.declared, *terms.assigned)]
    for day in sorted(days):
        month = f"{day:%Y-%m}"
        if not months[0] <= month <= months[1]:
            continue
        if class_on(day, one.declared, one.assigned) != class_on(day, other.declared, other.assigned):
            return month
    return None


def law_of_bill(month: str) -> Law:
    """The law by which a month's bill is made and paid: that of the next month's first day."""
    return parameters.on(calendar.months_after(first_day(month), 1))


def due_on(month: str, law: Law) -> dt.date:
    """Until when a month's premium is declared and paid: a day of the next month, moved off days off."""
    last = calendar.months_after(first_day(month), 1) - dt.timedelta(days=1)
    return calendar.add_days(last, law.number("oip.declare_day_of_next_month")).due


def closes_on(month: str) -> dt.date:
    """The day of the next month on which a month closes by itself."""
    law = law_of_bill(month)
    return law.day.replace(day=law.number("oip.close_day_of_next_month"))


def first_day(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{month}-01")


def month_after(month: str) -> str:
    return f"{calendar.months_after(first_day(month), 1):%Y-%m}"


def months_between(first: str, last: str) -> list[str]:
    """The months from the first to the last, both included."""
    months = []
    while first <= last:
        months.append(first)
        first = month_after(first)
    return months

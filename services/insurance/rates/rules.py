"""What an order costs its platform: the dated parameters, the platform's class and own rates, and what corrects a charge."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Literal, cast

from services.insurance.engagements.rules import Span
from shared.policy.parameters import Law, MissingParameter, parameters
from shared.policy.rows import Scope

RATE, TIER, DEFAULT_TIER = "oip.premium_per_order", "oip.platform_tier", "oip.default_tier"
ZERO = Decimal(0)

Reason = Literal["employment", "no_rate", "rate_unknown"]
Floating = Literal["factor", "amount"]


@dataclass(frozen=True, slots=True)
class Price:
    """What one order costs: `orders` is 1 where it is charged and 0 where it is not, `premium` is yuan.

    `law` is the row of the parameters that it rests on: the tier (`-` where the row has none) and the day from which the
    row holds; where the platform has a rate of its own, also its factor (`x1.2`) or amount (`=0.09`) and its day. `reason`
    says why an order is not charged.
    """

    orders: int
    premium: Decimal
    law: str
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class FloatingRate:
    """A platform's own rate in one industry from a day on: a factor of the parameter's rate, or yuan per order."""

    since: dt.date
    kind: Floating
    value: Decimal


def floating_on(day: dt.date, rates: Sequence[FloatingRate]) -> FloatingRate | None:
    """The last of a platform's own rates that has begun by a day."""
    place = bisect_right(rates, day, key=lambda rate: rate.since)
    return rates[place - 1] if place else None


def floated(found: Price, own: FloatingRate) -> Price:
    """The parameters' price put otherwise by a platform's own rate. An industry without a rate stays without."""
    if found.reason == "no_rate" or (found.reason == "rate_unknown" and own.kind == "factor"):
        return found
    factor = own.kind == "factor"
    law = f"{found.law} {'x' if factor else '='}{own.value} {own.since}"
    return Price(1, found.premium * own.value if factor else own.value, law, None)


@lru_cache(maxsize=50_000)
def rate(
    day: dt.date,
    industry: str,
    district: str,
    platform: str | None,
    tier: str | None,
    edition: int | None = None,
) -> Price:
    """The premium per order on a day (oip.premium_per_order) for a district's industry, a platform and its class.

    Where the industry has no row there is no premium; where its row has no value, nobody knows it, and a person must look.
    `edition`: `parameters.edition`, by which answers are remembered.
    """
    tier = tier or default_tier(day, industry)
    scope = Scope.model_validate({"place": district, "industry": industry, "platform": platform, "tier": tier})
    try:
        row = parameters.row(RATE, day, scope)
    except MissingParameter:
        return Price(0, ZERO, "", "no_rate")
    law = f"{row.scope.tier or '-'} {row.valid_from}"
    if row.value is None:
        return Price(0, ZERO, law, "rate_unknown")
    return Price(1, Decimal(cast(str, row.value)), law, None)


@lru_cache(maxsize=50_000)
def provincial_tier(platform: str | None, day: dt.date, industry: str, edition: int | None = None) -> str | None:
    """The class that the province has set for a platform (oip.platform_tier), None where no row has one."""
    return _text_or_none(parameters.on(day, industry=industry, platform=platform), TIER)


def default_tier(day: dt.date, industry: str) -> str | None:
    """The class of a platform that has none, None for an industry without classes."""
    return _text_or_none(parameters.on(day, industry=industry), DEFAULT_TIER)


def _text_or_none(law: Law, key: str) -> str | None:
    try:
        return law.text(key)
    except MissingParameter:
        return None


Cause = Literal["employment", "delivery_class", "rate"]


DayClass = tuple[dt.date, str]


EMPLOYED = Price(0, ZERO, "", "employment")


@dataclass(slots=True)
class PricingTerms:
    """What prices a platform's orders, besides the law. `employed` are the labour relations by worker_ref, `rates` the
    floating rates by industry, in the order of their days.
    """

    declared: Sequence[DayClass] = ()
    assigned: Sequence[DayClass] = ()
    employed: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    platform: str | None = None
    rates: Mapping[str, Sequence[FloatingRate]] = field(default_factory=dict)


@lru_cache(maxsize=2)
def rates_of_the_law(edition: int | None) -> str:
    """All rows of the parameters by which orders are priced, in an edition of them."""
    return repr([one for one in parameters if one.key in (RATE, TIER, DEFAULT_TIER)])


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


def price(terms: PricingTerms, worker_ref: str, day: dt.date, industry: str, district: str) -> Price:
    """The price of an order finished on a legal day.

    No premium where the worker stands in a labour relation with the platform that day: work-injury insurance covers it
    (办法（试行） art. 2). Otherwise every order is insured, whatever the state of the engagement.
    """
    spans = terms.employed.get(worker_ref)
    if spans and any(span.covers(day) for span in spans):
        return EMPLOYED
    edition = parameters.edition
    provincial = provincial_tier(terms.platform, day, industry, edition)
    tier = class_on(day, terms.declared, terms.assigned, provincial)
    found = rate(day, industry, district, terms.platform, tier, edition)
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


def first_difference(months: tuple[str, str], one: PricingTerms, other: PricingTerms) -> str | None:
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

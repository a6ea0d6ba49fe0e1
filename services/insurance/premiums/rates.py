"""The premium per order by the dated parameters, and platforms' own rates, which float around it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, cast

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
def rate(day: dt.date, industry: str, district: str, platform: str | None, tier: str | None) -> Price:
    """The premium per order on a day (oip.premium_per_order) for a district's industry, a platform and its class.

    Where the industry has no row there is no premium; where its row has no value, nobody knows it, and a person must look.
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
def provincial_tier(platform: str | None, day: dt.date, industry: str) -> str | None:
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

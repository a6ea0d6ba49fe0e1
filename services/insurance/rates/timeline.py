"""What an order of a platform costs from which day on, and why: the same calculation as `rules.price`, laid open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from services.insurance.rates.rules import (
    DEFAULT_TIER,
    RATE,
    TIER,
    FloatingRate,
    Price,
    PricingTerms,
    class_on,
    default_tier,
    floated,
    floating_on,
    provincial_tier,
    rate,
)
from shared.policy.parameters import MissingParameter, Used, parameters

Why = Literal["own_rate", "assigned_class", "provincial_class", "declared_class", "default_class", "industry"]


@dataclass(frozen=True, slots=True)
class Holding:
    """A rate that holds from a day on. `why` is the most specific thing that it rests on; `used` are the parameters."""

    since: dt.date
    price: Price
    tier: str | None
    why: Why
    own: FloatingRate | None
    used: tuple[Used, ...]


def timeline(terms: PricingTerms, industry: str, district: str) -> list[Holding]:
    """A platform's rates in an industry, by day; a day on which nothing changes is left out."""
    found: list[Holding] = []
    for day in sorted(set(_days(terms, industry))):
        holding = _on(day, terms, industry, district)
        last = found[-1] if found else None
        if last is None or (last.price, last.tier, last.why) != (holding.price, holding.tier, holding.why):
            found.append(holding)
    return found


def _days(terms: PricingTerms, industry: str) -> Iterator[dt.date]:
    for parameter in parameters:
        if parameter.key in (RATE, TIER, DEFAULT_TIER):
            for row in parameter.rows:
                if row.scope.industry in (None, industry) and row.scope.platform in (None, terms.platform):
                    yield row.valid_from
                    if row.valid_to is not None:
                        yield row.valid_to + dt.timedelta(days=1)
    yield from (day for day, _ in (*terms.declared, *terms.assigned))
    yield from (own.since for own in terms.rates.get(industry, ()))


def _on(day: dt.date, terms: PricingTerms, industry: str, district: str) -> Holding:
    provincial = provincial_tier(terms.platform, day, industry)
    named = class_on(day, terms.declared, terms.assigned, provincial)
    price = rate(day, industry, district, terms.platform, named)
    own = floating_on(day, terms.rates.get(industry, ()))
    law = parameters.on(day, place=district, industry=industry, platform=terms.platform)
    by_class = not price.law.startswith("-") and price.law != ""
    tier = (named or default_tier(day, industry)) if by_class else None
    why: Why = "industry"
    if by_class:
        why = _why_class(day, terms, provincial, named)
        if why in ("provincial_class", "default_class"):
            law.text(TIER if why == "provincial_class" else DEFAULT_TIER)
    with suppress(MissingParameter):
        law.at(tier=tier).amount(RATE)
    if own is not None and floated(price, own) != price:
        return Holding(day, floated(price, own), tier, "own_rate", own, law.used)
    return Holding(day, price, tier, why, None, law.used)


def _why_class(day: dt.date, terms: PricingTerms, provincial: str | None, named: str | None) -> Why:
    if class_on(day, (), terms.assigned) is not None:
        return "assigned_class"
    if provincial is not None:
        return "provincial_class"
    return "declared_class" if named is not None else "default_class"

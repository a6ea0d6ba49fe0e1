"""What a collective contract agrees on pay and hours, and whom it binds when (劳动合同法 arts. 54, 55)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from shared.identity.regions import CITY


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedPay:
    """What is agreed from a day on: yuan for an hour of working time, and percent of the time of orders for waiting."""

    since: dt.date
    hourly_pay: Decimal | None
    waiting_percent: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedHours:
    """What is agreed from a day on: the longest work without a rest, and the longest of a day."""

    since: dt.date
    continuous_minutes: int | None
    daily_minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedRate:
    """Yuan for an order (`amount`), or percent of its fee that the platform keeps (`percent`), of a trade (None: of every one),
    between its own days (None: those of the terms)."""

    industry: str | None
    amount: Decimal | None = None
    percent: Decimal | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    def holds(self, day: dt.date, industry: str | None) -> bool:
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day <= self.until) and self.industry in (None, industry)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedRates:
    """The piece rates and commissions that are agreed from a day on."""

    since: dt.date
    rates: Sequence[AgreedRate]


T = TypeVar("T", AgreedPay, AgreedHours, AgreedRates)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectiveContract:
    """A collective contract: whom it binds, from which to which legal day, and the pay and the hours agreed in it.

    `platforms` is empty where it binds a trade; `industry` None is every trade, `district` 510600 the whole city.
    """

    contract_id: str
    platforms: frozenset[str]
    industry: str | None
    district: str
    valid_from: dt.date
    valid_to: dt.date
    pay: Sequence[AgreedPay]
    hours: Sequence[AgreedHours] = ()
    rates: Sequence[AgreedRates] = ()

    def binds(self, platform: str) -> bool:
        return not self.platforms or platform in self.platforms

    def pay_on(self, day: dt.date, industry: str | None, district: str) -> AgreedPay | None:
        """The pay agreed for work of a trade in a district on a day; None where there is none."""
        return self._on(day, industry, district, self.pay)

    def hours_on(self, day: dt.date, industry: str | None, district: str) -> AgreedHours | None:
        """The hours agreed for work of a trade in a district on a day; None where there are none."""
        return self._on(day, industry, district, self.hours)

    def rate_on(self, day: dt.date, industry: str | None, district: str) -> Decimal | None:
        """Yuan agreed for an order of a trade that is finished on a day; the lowest where the wording divides several."""
        return min(
            (one.amount for one in self._rates_on(day, industry, district) if one.amount is not None), default=None
        )

    def commission_on(self, day: dt.date, industry: str | None, district: str) -> Decimal | None:
        """The percentage of a fee that the platform may keep; the highest where the wording divides several."""
        return max(
            (one.percent for one in self._rates_on(day, industry, district) if one.percent is not None), default=None
        )

    def _rates_on(self, day: dt.date, industry: str | None, district: str) -> list[AgreedRate]:
        """What holds for the trade on a day: what is agreed for it alone, or else for every one."""
        agreed = self._on(day, industry, district, self.rates)
        held = [] if agreed is None else [one for one in agreed.rates if one.holds(day, industry)]
        return [one for one in held if one.industry is not None] or held

    def _on(self, day: dt.date, industry: str | None, district: str, agreed: Sequence[T]) -> T | None:
        if not self.valid_from <= day <= self.valid_to or self.district not in (CITY, district):
            return None
        if self.industry not in (None, industry):
            return None
        return max((one for one in agreed if one.since <= day), key=lambda one: one.since, default=None)

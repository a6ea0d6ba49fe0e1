"""What a collective contract agrees on pay, and whom it binds when (劳动合同法 arts. 54, 55)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.identity.regions import CITY


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedPay:
    """What is agreed from a day on: yuan for an hour of working time, and percent of the time of orders for waiting."""

    since: dt.date
    hourly_pay: Decimal | None
    waiting_percent: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectiveContract:
    """A collective contract: whom it binds, from which to which legal day, and the pay agreed in it, the earliest first.

    `platforms` is empty where it binds a trade; `industry` None is every trade, `district` 510600 the whole city.
    """

    contract_id: str
    platforms: frozenset[str]
    industry: str | None
    district: str
    valid_from: dt.date
    valid_to: dt.date
    pay: Sequence[AgreedPay]

    def binds(self, platform: str) -> bool:
        return not self.platforms or platform in self.platforms

    def pay_on(self, day: dt.date, industry: str | None, district: str) -> AgreedPay | None:
        """The pay agreed for work of a trade in a district on a day; None where there is none."""
        if not self.valid_from <= day <= self.valid_to or self.district not in (CITY, district):
            return None
        if self.industry not in (None, industry):
            return None
        return max((one for one in self.pay if one.since <= day), key=lambda one: one.since, default=None)

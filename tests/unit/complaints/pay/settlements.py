"""Settlements, orders and footings for the rules on pay; every number is made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from services.complaints.parties.rules import Footing
from services.complaints.pay.payment_rules import Pay
from services.complaints.pay.time_rules import Interval
from shared.contracts.platform import Relation
from shared.policy.calendar import SHANGHAI

FIRST, LAST = dt.date(2026, 9, 1), dt.date(2026, 9, 15)
Amounts = Sequence[tuple[str, str]]


def at(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 9, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


def order(taken: dt.datetime, finished: dt.datetime, district: str = "510603", trade: str | None = None) -> Interval:
    return Interval(taken, finished, district, trade)


def footing(
    relation: Relation = "partial", first: dt.date = dt.date(2020, 1, 1), last: dt.date | None = None
) -> Footing:
    return Footing(first=first, last=last, relation=relation)


PARTIAL, EMPLOYED, OWN = [footing()], [footing("employment")], [footing("self_employed")]


def paid(
    gross: str,
    deductions: Amounts = (),
    first: dt.date = FIRST,
    last: dt.date = LAST,
    components: Amounts = (),
    **more: Any,
) -> Pay:
    return Pay(
        settlement_id="s-1",
        period_start=first,
        period_end=last,
        gross=Decimal(gross),
        deductions=[(kind, Decimal(amount)) for kind, amount in deductions],
        components=[(kind, Decimal(amount)) for kind, amount in components],
        **more,
    )


TEN_HOURS = [order(at(3, 8), at(3, 18))]

"""Pay below the hourly minimum wage (德府规〔2022〕4号; 德人社发〔2022〕95 号 art. 5)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from deploy.local.calculation.validation import SHANGHAI, Fact

SETTLEMENT = "settlement.paid.v1"
HOURLY_MINIMUM = Decimal(21)
HOURLY_MINIMUM_FROM = date(2022, 4, 1)
# What is withheld for the worker's own insurance, fund and tax is part of the pay.
STATUTORY = frozenset({"social_insurance", "housing_fund", "income_tax"})
_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS_AN_HOUR = 3_600_000_000

Span = tuple[datetime, datetime]


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


def is_short(settlement: Fact, orders: Iterable[Span]) -> bool:
    """Whether a settlement pays less than the hourly minimum for the time that its period's orders show."""
    first: date = settlement.data["period_start"]
    last: date = settlement.data["period_end"]
    if first < HOURLY_MINIMUM_FROM:
        return False
    start = datetime.combine(first, time.min, SHANGHAI)
    end = datetime.combine(last + timedelta(days=1), time.min, SHANGHAI)
    hours = worked_hours(orders, start, end)
    held_back = (part["amount"] for part in settlement.data["deductions"] if part["kind"] not in STATUTORY)
    pay = settlement.data["gross"] - sum(held_back, Decimal(0))
    return hours > 0 and Fraction(pay) < Fraction(HOURLY_MINIMUM) * hours


def leads(facts: Sequence[Fact], orders: Iterable[Fact]) -> int:
    """How many distinct settlements are short."""
    spans: defaultdict[tuple[str, str], list[Span]] = defaultdict(list)
    for order in orders:
        spans[order.worker].append((order.data["taken_at"], order.data["finished_at"]))
    settlements: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        if fact.type == SETTLEMENT:
            settlements.setdefault((fact.platform, fact.data["settlement_id"]), fact)
    return sum(is_short(settlement, spans.get(settlement.worker, ())) for settlement in settlements.values())

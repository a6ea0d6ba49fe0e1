"""Leads on duties in a platform's events: orders of people who never had a safety training (德人社发〔2022〕95 号 art. 7)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from deploy.local.calculation.premiums import ORDER
from deploy.local.calculation.registry import STARTED, Engagement
from deploy.local.calculation.validation import SHANGHAI, Fact

LONGEST_ORDER = timedelta(hours=24)
_DAY = timedelta(days=1)


def leads_on_blocked(facts: Iterable[Fact], engagements: Iterable[Engagement]) -> int:
    """How many engagements that never might begin had orders on a day after that on which the platform declared them."""
    told: dict[tuple[tuple[str, str], date], date] = {}
    days: defaultdict[tuple[str, str], set[date]] = defaultdict(set)
    for fact in facts:
        if fact.type == STARTED:
            told.setdefault((fact.worker, fact.data["started_on"]), fact.time.astimezone(SHANGHAI).date())
        elif fact.type == ORDER:
            days[fact.worker] |= _days(fact.data["taken_at"], fact.data["finished_at"])
    found = 0
    for one in engagements:
        if not one.worked:
            begin = max(one.started_on, told[one.worker, one.started_on] + _DAY)
            found += any(begin <= day and (one.ended_on is None or day <= one.ended_on) for day in days[one.worker])
    return found


def _days(taken: datetime, finished: datetime) -> set[date]:
    """The legal days that an order lies on; a very long one is a fault in the data."""
    if not timedelta(0) < finished - taken <= LONGEST_ORDER:
        return set()
    first = taken.astimezone(SHANGHAI).date()
    last = (finished - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
    return {first + n * _DAY for n in range((last - first).days + 1)}

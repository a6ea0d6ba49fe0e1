"""Leads on duties in a platform's events: orders of people before any safety training of theirs (德人社发〔2022〕95 号 art. 7)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from deploy.local.calculation.premiums import ORDER
from deploy.local.calculation.registry import STARTED, Engagement
from deploy.local.calculation.validation import SHANGHAI, Fact

LONGEST_ORDER = timedelta(hours=24)
_DAY = timedelta(days=1)


SINCE = date(2022, 4, 29)
"""The day from which nobody begins to work without safety training (德人社发〔2022〕95 号 art. 7)."""


def worked_while_blocked(facts: Iterable[Fact], engagements: Iterable[Engagement]) -> list[Engagement]:
    """The engagements that had orders before the first training, on a day after that on which the platform declared them."""
    told: dict[tuple[tuple[str, str], date], date] = {}
    days: defaultdict[tuple[str, str], set[date]] = defaultdict(set)
    for fact in facts:
        if fact.type == STARTED:
            told.setdefault((fact.worker, fact.data["started_on"]), fact.time.astimezone(SHANGHAI).date())
        elif fact.type == ORDER:
            days[fact.worker] |= _days(fact.data["taken_at"], fact.data["finished_at"])
    found = []
    for one in engagements:
        begin = max(one.started_on, told[one.worker, one.started_on] + _DAY)
        ends = [one.ended_on, one.trained_on and one.trained_on - _DAY]
        last = min((day for day in ends if day is not None), default=date.max)
        once = one.worked and one.trained_on is None  # a training that was declared, and taken back
        if begin >= SINCE and not once and any(begin <= day <= last for day in days[one.worker]):
            found.append(one)
    return found


def _days(taken: datetime, finished: datetime) -> set[date]:
    """The legal days that an order lies on; a very long one is a fault in the data."""
    if not timedelta(0) < finished - taken <= LONGEST_ORDER:
        return set()
    first = taken.astimezone(SHANGHAI).date()
    last = (finished - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
    return {first + n * _DAY for n in range((last - first).days + 1)}

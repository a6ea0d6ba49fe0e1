"""Whether an accident is covered, and until when benefits are to be applied for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from services.insurance.footing.rules import Span
from shared.contracts.insurance import CoverCheck
from shared.policy import calendar
from shared.policy.parameters import Law, MissingParameter

Stretch = tuple[dt.datetime, dt.datetime]
"""When an order was taken and when it was finished."""


def cover(occurred_at: dt.datetime, orders: Iterable[Stretch], employed: Iterable[Span]) -> CoverCheck:
    """How an accident stands by what is known: from the taking of an order to its end the worker is covered.

    A worker in a labour relation with the platform that day has work-injury insurance instead (办法（试行） art. 2). Where
    no order was under way, one may still be told: `pending`.
    """
    day = calendar.shanghai_date(occurred_at)
    if any(span.covers(day) for span in employed):
        return "other_scheme"
    if any(taken_at <= occurred_at <= finished_at for taken_at, finished_at in orders):
        return "covered"
    return "pending"


def apply_by(occurred_at: dt.datetime, law: Law, key: str) -> dt.date | None:
    """The last day to apply for benefits, in natural days from the accident; None where no term was in force then."""
    try:
        return calendar.add_days(calendar.shanghai_date(occurred_at), law.days(key)).due
    except MissingParameter:
        return None

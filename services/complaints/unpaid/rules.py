"""Days of work that no settlement pays, some time after the end of their month.

Wages are paid by the month at least (劳动法 art. 50). No data say which payday is agreed, so it is looked at late, after
`wages.unpaid_after_days`. The self-employed agree on their pay, and nothing says when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.contracts.complaints.pay_findings import PayMissing
from shared.policy.calendar import end_of_day, first_day, month_after, months_after, months_between
from shared.policy.parameters import Used, parameters

ONE_DAY = dt.timedelta(1)
Period = tuple[dt.date, dt.date]
"""The first and the last day of a settlement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Until when a month's work must be settled, and by which parameters."""

    due_on: dt.date
    after_days: int
    used: tuple[Used, ...]

    @property
    def over_at(self) -> dt.datetime:
        """The first instant at which it is too late."""
        return end_of_day(self.due_on)


def days_of(month: str) -> Period:
    return first_day(month), first_day(month_after(month)) - ONE_DAY


def months_of(first: dt.date, last: dt.date) -> list[str]:
    """The months that a period reaches into."""
    return months_between(f"{first:%Y-%m}", f"{last:%Y-%m}")


def term_of(month: str) -> Term:
    """Raises MissingParameter for a month before the law."""
    last = days_of(month)[1]
    law = parameters.on(last)
    after = law.number("wages.unpaid_after_days")
    return Term(due_on=last + after * ONE_DAY, after_days=after, used=law.used)


def looked_into_since(today: dt.date) -> dt.date:
    """From when on inspection looks into what was not paid (劳动保障监察条例 art. 20)."""
    return months_after(today, -12 * parameters.on(today).number("inspection.limitation_years"))


@dataclass(frozen=True, slots=True)
class Paid:
    """From which to which day a settlement is; `nothing`: it comes to no pay."""

    first: dt.date
    last: dt.date
    nothing: bool = False

    def covers(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


def missing(month: str, worked: Mapping[dt.date, int], settled: Sequence[Paid], term: Term) -> PayMissing | None:
    """The days of a month's work (with their seconds) that no settlement pays; None where there are none. One that comes to nothing
    pays for no day: it must not hide that what was to pay is missing."""
    paying = [one for one in settled if not one.nothing]
    unpaid = sorted(day for day in worked if not any(one.covers(day) for one in paying))
    if not unpaid:
        return None
    return PayMissing(
        month=month,
        worked_days=len(worked),
        unpaid_days=tuple(unpaid),
        unpaid_seconds=sum(worked[day] for day in unpaid),
        due_on=term.due_on,
        after_days=term.after_days,
        settled_for_nothing=tuple(day for day in unpaid if any(one.covers(day) for one in settled)),
    )

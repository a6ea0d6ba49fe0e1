"""What becomes of a month that an employer owes for a person, and when it is due (社会保险法 art. 58, 60, 86)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from services.insurance.engagements.rules import Span
from shared.policy import calendar
from shared.policy.calendar import first_day, months_between
from shared.policy.parameters import Law, parameters
from shared.states import Machine

State = Literal["owed", "overdue", "settled", "void"]
Before = Literal["none"] | State
Event = Literal["employed", "paid", "missing", "lapsed", "void"]

STATES: Machine[Before, Event, State] = Machine(
    "month owed",
    {
        ("none", "employed"): "owed",
        ("none", "paid"): "settled",
        ("owed", "paid"): "settled",
        ("owed", "lapsed"): "overdue",
        ("owed", "void"): "void",
        ("overdue", "paid"): "settled",
        ("overdue", "void"): "void",
        ("settled", "missing"): "owed",
        ("settled", "void"): "void",
        ("void", "employed"): "owed",
        ("void", "paid"): "settled",
    },
    kind="dues-state",
    zh="该月应缴记录的当前状态不允许此操作",
)
"""`missing`: a contribution was taken back, or came to less than a wage declared since. `void`: nobody was employed then."""


def event_of(state: Before, *, employed: bool, missing: bool) -> Event | None:
    """What the facts do to a month; None for nothing. That its day has passed is told by time alone."""
    if not employed:
        return None if state in ("none", "void") else "void"
    if not missing:
        return None if state == "settled" else "paid"
    if state in ("none", "void"):
        return "employed"
    return "missing" if state == "settled" else None


@dataclass(frozen=True, slots=True)
class Employment:
    """Legal days on which a unit (its credit code) employs a person; `register_by`: until when it must register them."""

    worker_id: str
    unit: str
    engagement_id: str
    district: str
    span: Span
    register_by: dt.date | None


def months_of(employments: Iterable[Employment], first: str, last: str) -> dict[tuple[str, str], Employment]:
    """The months (YYYY-MM) from the first to the last in which a person is employed on some day, by unit and month.

    Of two employments with one unit in a month, the one that began first stands for it.
    """
    found: dict[tuple[str, str], Employment] = {}
    for one in sorted(employments, key=lambda one: (one.span.first, one.engagement_id)):
        until = last if one.span.last is None else min(last, f"{one.span.last:%Y-%m}")
        for month in months_between(max(first, f"{one.span.first:%Y-%m}"), until):
            found.setdefault((one.unit, month), one)
    return found


def pay_by(month: str, law: Law) -> dt.date:
    """The last day on which a unit pays a month: a day of the next month, moved off days off."""
    last = calendar.months_after(first_day(month), 1) - dt.timedelta(days=1)
    return calendar.add_days(last, law.number("social_insurance.pay_day_of_next_month")).due


def due_on(month: str, register_by: dt.date | None, law: Law) -> dt.date:
    """The last day on which a person's month is paid: not before the person must be registered (社会保险法 art. 58)."""
    day = pay_by(month, law)
    return day if register_by is None else max(day, register_by)


def law_day(month: str) -> dt.date:
    """The day whose law says when a month is paid: the first of the next one."""
    return calendar.months_after(first_day(month), 1)


def looked_back_to(today: dt.date, law: Law) -> str:
    """The first month that is looked into: what lies further back than the limitation of inspection is left to a person
    (劳动保障监察条例 art. 20)."""
    return f"{calendar.months_after(today, -12 * law.number('inspection.limitation_years')):%Y-%m}"


_AMOUNTS = (
    "social_insurance.average_wage",
    "social_insurance.base_amount",
    "social_insurance.base_percent",
    "social_insurance.maternity_with_medical",
    "social_insurance.medical_employer_rate",
    "social_insurance.medical_worker_rate",
    "social_insurance.pension_rate",
    "social_insurance.unemployment_rate",
    "work_injury.class_rate_percent",
)
"""What a month comes to by: where one of these has another row than before, months are reckoned again."""


def rows() -> list[str]:
    """Every row of these parameters, as text that changes where it does."""
    return sorted(
        f"{row.valid_from}|{one.key}|{row.model_dump_json(exclude={'note', 'source', 'published', 'verified'})}"
        for one in parameters
        if one.key in _AMOUNTS
        for row in one.rows
    )


def first_difference(known: Iterable[str], today: Iterable[str]) -> str | None:
    """From which month (YYYY-MM) on the law is another than it was known to be, by `rows`; None where it is the same."""
    return min((row[:7] for row in {*known} ^ {*today}), default=None)

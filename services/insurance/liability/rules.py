"""Whether an injury was insured, and which of its costs the employer bears all the same. Pure; legal days, both ends included.

Insured: registered, and what was due paid, on the day of the injury (社会保险法 art. 41). What our own records do not settle is
`unclear`, and a person decides, with reasons.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.insurance.engagements.rules import Span
from shared.contracts.insurance import Scheme
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar

State = Literal["insured", "not_insured", "unclear"]
Reason = Literal[
    "registered_and_paid", "nothing_was_due", "premiums_paid",
    "not_registered", "registered_late", "contributions_unpaid", "premiums_unpaid",
    "no_registration_known", "registration_under_way", "registration_refused", "registered_after", "paid_after",
    "no_contributions_known",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What our records say of the day of the injury, and why."""

    state: State
    reason: Reason


@dataclass(frozen=True, slots=True)
class Registration:
    """Days for which an employer registered the person, as the province answered. `confirmed_on`: when it took it, None where that
    is not known; `due_on`: until when the employer had to register (社会保险法 art. 58)."""

    span: Span
    status: Literal["waiting", "accepted", "rejected"]
    confirmed_on: dt.date | None
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Owed:
    """Premiums of a month, in yuan: until when they were due, and what was paid of them on which days."""

    due_on: dt.date
    premium: Decimal
    paid: Sequence[tuple[dt.date, Decimal]]


def by_registration(
    injured_on: dt.date, registrations: Sequence[Registration], paid: Mapping[str, dt.date], last_due: str
) -> Found:
    """How a work injury was insured. `registrations`: all of this employer for the person; `paid`: by month (YYYY-MM), the first day
    on which the employer's contribution for the person was paid; `last_due`: the last month whose contribution had fallen due."""
    if not registrations:
        return Found("unclear", "no_registration_known")
    covering = [one for one in registrations if one.span.covers(injured_on)]
    if not covering:
        return Found("not_insured", "not_registered")
    accepted = [one for one in covering if one.status == "accepted"]
    if not accepted:
        waits = any(one.status == "waiting" for one in covering)
        return Found("unclear", "registration_under_way" if waits else "registration_refused")
    one = min(accepted, key=lambda known: known.confirmed_on or dt.date.min)
    if one.confirmed_on is not None and one.confirmed_on > injured_on:
        in_time = one.due_on is not None and one.confirmed_on <= one.due_on
        return Found("unclear", "registered_after") if in_time else Found("not_insured", "registered_late")
    return _by_contributions(injured_on, min(known.span.first for known in accepted), paid, last_due)


def last_due(injured_on: dt.date, due_on: Callable[[str], dt.date]) -> str:
    """The last month whose contribution was to be paid before an injury: what can still be paid in time is no default (社会保险法
    art. 41, 60). `due_on`: the last day to pay a month."""
    month = injured_on.replace(day=1)
    while True:
        month = calendar.months_after(month, -1)
        if due_on(f"{month:%Y-%m}") < injured_on:
            return f"{month:%Y-%m}"


def _by_contributions(
    injured_on: dt.date, registered_from: dt.date, paid: Mapping[str, dt.date], last_due: str
) -> Found:
    """By the contribution of the last month that had fallen due; the first month's is due later."""
    if f"{registered_from:%Y-%m}" > last_due:
        return Found("insured", "nothing_was_due")
    paid_on = paid.get(last_due)
    if paid_on is not None:
        return Found("insured", "registered_and_paid") if paid_on <= injured_on else Found("not_insured", "paid_after")
    return Found("not_insured", "contributions_unpaid") if paid else Found("unclear", "no_contributions_known")


def by_premiums(injured_on: dt.date, bills: Iterable[Owed]) -> Found:
    """How an occupational injury was insured: every order is, unless premiums that had fallen due were unpaid on that day."""
    unpaid = any(
        one.due_on < injured_on and sum((sum_ for day, sum_ in one.paid if day <= injured_on), Decimal(0)) < one.premium
        for one in bills
    )
    return Found("not_insured", "premiums_unpaid") if unpaid else Found("insured", "premiums_paid")


def late_days(
    scheme: Scheme,
    injured_on: dt.date,
    apply_by: dt.date | None,
    first_applied: dt.date | None,
    accepted_on: dt.date | None,
) -> Span | None:
    """The days whose costs are the employer's since it did not apply in time, from the injury to the acceptance of the application
    (工伤保险条例 art. 17(4); 劳社部函〔2004〕256号 no. 6); None where somebody applied within its term, extended or not."""
    if scheme != "work_injury" or apply_by is None or (first_applied is not None and first_applied <= apply_by):
        return None
    return Span(injured_on, accepted_on) if first_applied is not None else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How an injury stands. `made_up_on`: when an employer that had not insured had registered and paid what it owed
    (工伤保险条例 art. 62(3)); `late`: days of art. 17(4)."""

    state: State
    made_up_on: dt.date | None = None
    late: Span | None = None

    @property
    def by_day(self) -> bool:
        """Whether it matters on which day a cost fell."""
        return self.late is not None or (self.state == "not_insured" and self.made_up_on is not None)


Burden = Literal["late_application", "not_insured"]


def employers(kind: str, fell_on: dt.date | None, standing: Standing, new_kinds: Sequence[str]) -> Burden | None:
    """Why the employer bears a cost that is else the fund's; None where the fund does. `fell_on`: the day on which it fell;
    `new_kinds`: the kinds of benefit that are the fund's again once an employer has made up for everything.

    Raises RuleBroken where the records do not settle it, or the day is needed.
    """
    if standing.state == "unclear":
        raise RuleBroken(
            "insured-unclear", "参保缴费情况不明，须先由经办人员认定", "whether it was insured is to be decided"
        )
    if standing.by_day and fell_on is None:
        raise RuleBroken("day-missing", "请填写费用发生日期", "say on which day the cost fell")
    if standing.state == "not_insured":
        made_up = standing.made_up_on is not None and fell_on is not None and fell_on > standing.made_up_on
        if not made_up or kind not in new_kinds:
            return "not_insured"
    if standing.late is not None and fell_on is not None and standing.late.covers(fell_on):
        return "late_application"
    return None


def of_months(
    kind: str, first: dt.date, last: dt.date | None, standing: Standing, new_kinds: Sequence[str]
) -> Burden | None:
    """The same of a monthly kind, by the first day of each of its months; raises RuleBroken where they are not all one's."""
    days = [first, last or dt.date.max]
    bears = [employers(kind, day, standing, new_kinds) for day in days]
    if bears[0] != bears[1]:
        raise RuleBroken(
            "months-of-two",
            "该期间的费用分别由单位和基金负担，请分段核定",
            "some months are the employer's: grant them apart",
        )
    return bears[0]


def check_decision(found: Found, insured: bool | None) -> None:
    """Raise Conflict where a person would decide what the records have settled, or leave open what they have not."""
    if (found.state == "unclear") == (insured is None):
        raise Conflict("insured-settled", "参保缴费情况以记录为准", "the records settle it, or it is left open")


def check_made_up(made_up_on: dt.date, injured_on: dt.date, paid_on: dt.date | None, today: dt.date) -> None:
    """Raise RuleBroken where an employer cannot have made up by that day: what it owed for the injury's month is not paid by then."""
    if not injured_on <= made_up_on <= today:
        raise RuleBroken("made-up-day", "补缴日期应在事故之后且不晚于今天", "the day is before the injury or ahead")
    if paid_on is None or paid_on > made_up_on:
        raise RuleBroken(
            "not-made-up", "未查到事故当月的补缴记录", "no contribution for that month is on record by then"
        )

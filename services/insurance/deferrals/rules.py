"""When dues may be paid later, and how that goes from the asking to its end (社会保险法 art. 60, 63; 征缴条例 art. 12: nothing is
remitted)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final, Literal

from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

Ground = Literal["force_majeure", "agreement"]
GROUNDS: Final[Mapping[Ground, str]] = {
    "force_majeure": "因不可抗力等法定事由缓缴（社会保险法第60条）",
    "agreement": "提供担保、签订延期缴费协议（社会保险法第63条）",
}
Security = Literal["mortgage", "pledge", "guarantor"]
State = Literal["asked", "proposed", "granted", "refused", "withdrawn", "fulfilled", "unpaid", "cancelled", "breached"]
Outcome = Literal["grant", "refuse", "cancel", "breach"]
Event = Literal["propose", "withdraw", "grant", "refuse", "cancel", "breach", "fulfil", "lapse"]
OPEN: Final[frozenset[State]] = frozenset({"asked", "proposed", "granted"})

STATES: Machine[State, Event, State] = Machine(
    "deferral",
    {
        ("asked", "propose"): "proposed",
        ("asked", "withdraw"): "withdrawn",
        ("proposed", "propose"): "proposed",
        ("proposed", "withdraw"): "withdrawn",
        ("proposed", "grant"): "granted",
        ("proposed", "refuse"): "refused",
        ("granted", "cancel"): "cancelled",
        ("granted", "breach"): "breached",
        ("granted", "fulfil"): "fulfilled",
        ("granted", "lapse"): "unpaid",
    },
    kind="deferral-state",
    zh="该缓缴申请的当前状态不允许此操作",
)
"""`cancel`: the ground has gone, or it should not have been given; `breach`: the employer has not kept to it, as with its guarantee;
`lapse`: the term is over, and something is owed."""


def check_asked(
    ground: Ground, months: Iterable[str], due: Mapping[str, dt.date], today: dt.date, *, guaranteed: bool
) -> None:
    """Raise RuleBroken where an employer cannot ask for it. `due`: by month (YYYY-MM), until when it is to be paid.

    An agreement is for what was not paid in time, against a guarantee (art. 63); what is not due yet is put off by law alone.
    """
    wanted = sorted(months)
    if len({*wanted}) < len(wanted):
        raise RuleBroken("month-twice", "同一月份重复", "one month stands twice in the list")
    if wanted[-1] > f"{today:%Y-%m}":
        raise RuleBroken("month-to-come", "该月份尚未到来", "the month has not begun")
    if ground == "agreement" and not guaranteed:
        raise RuleBroken("guarantee-missing", "延期缴费须提供担保", "a guarantee is needed (art. 63)")
    if ground == "agreement" and any(today <= due[month] for month in wanted):
        raise RuleBroken("not-overdue", "该月缴费期限未满", "the month is not overdue yet")


def check_proposed(state: State, outcome: Outcome) -> None:
    """Raise Conflict where that cannot be decided of it now."""
    decides = ("asked", "proposed") if outcome in ("grant", "refuse") else ("granted",)
    if state not in decides:
        raise Conflict("deferral-state", STATES.zh, f"{outcome} is not possible: it is {state}", state=state)


def check_confirmer(officer: str, proposer: str | None) -> None:
    """Raise Conflict where nobody has proposed anything, or the same officer did."""
    if proposer is None:
        raise Conflict("not-proposed", "尚未提出处理意见", "nobody has proposed anything")
    if officer == proposer:
        raise Conflict("second-officer-needed", "须由另一名经办人员确认", "another officer must confirm this")


def longest(first: dt.date, law: Law) -> dt.date | None:
    """The last day that a term from `first` on may have; None where no rule is known and officers set it."""
    try:
        return calendar.months_after(first, law.number("social_insurance.deferral_months")) - dt.timedelta(days=1)
    except MissingParameter:
        return None


def last_day(last: dt.date, after: dt.date, limit: dt.date | None) -> dt.date:
    """The last day of a term that officers set, moved off days off; raises RuleBroken where it is not `after` today and the days on
    which the months are due by law, or later than the rule allows (`limit`)."""
    if last <= after:
        raise RuleBroken("term-too-short", f"缓缴期限应晚于{after}", "the term must end after today and the day by law")
    if limit is not None and last > limit:
        raise RuleBroken("term-too-long", f"缓缴期限不得超过{limit}", "the term is longer than the rule allows")
    return calendar.add_days(last - dt.timedelta(days=1), 1).due

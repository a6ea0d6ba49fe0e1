"""The yearly check that whoever draws a benefit by the month is still entitled to it (社会保险经办条例 art. 25, 26)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Literal

from shared.policy import calendar
from shared.policy.parameters import Law
from shared.states import Machine

State = Literal["confirmed", "reminded", "questioned", "missed", "ended"]
Event = Literal["reminded", "self_checked", "verified", "doubted", "missed", "ended", "granted"]
Way = Literal["self", "data_match", "visit", "employer", "third_party"]

STATES: Machine[State, Event, State] = Machine(
    "qualification check",
    {
        ("confirmed", "reminded"): "reminded",
        ("confirmed", "self_checked"): "confirmed",
        ("confirmed", "verified"): "confirmed",
        ("confirmed", "doubted"): "questioned",
        ("confirmed", "missed"): "missed",
        ("confirmed", "ended"): "ended",
        ("confirmed", "granted"): "confirmed",
        ("reminded", "self_checked"): "confirmed",
        ("reminded", "verified"): "confirmed",
        ("reminded", "doubted"): "questioned",
        ("reminded", "missed"): "missed",
        ("reminded", "ended"): "ended",
        ("reminded", "granted"): "reminded",
        ("questioned", "verified"): "confirmed",
        ("questioned", "doubted"): "questioned",
        ("questioned", "ended"): "ended",
        ("questioned", "granted"): "questioned",
        ("missed", "self_checked"): "confirmed",
        ("missed", "verified"): "confirmed",
        ("missed", "doubted"): "questioned",
        ("missed", "ended"): "ended",
        ("missed", "granted"): "missed",
        ("ended", "granted"): "confirmed",
    },
    kind="qualification-state",
    zh="资格认证的当前状态不允许此操作",
)
"""While a doubt is open payments go on, and nobody clears it about themselves; it ends an entitlement only after an
investigation (社会保险经办条例 art. 26 para. 2). While a check is missed payments rest. A new benefit begins the year anew.
"""


MOST_STATEMENTS = 20
"""How often a person may speak to one check before somebody else does: ours, not the law's."""


def hear_of_end(to_kin: bool, kin: Collection[str], of_kin: bool, told: Collection[str]) -> bool:
    """Whether who draws a benefit (`to_kin`, `kin`) hears that it ends from the check that found so (`of_kin`: it is next of kin's, of
    whom `told` are told), so that nobody is told a second time, and nobody not at all."""
    return to_kin == of_kin and set(kin) <= set(told)


def due_on(confirmed_on: dt.date, law: Law) -> dt.date:
    """The last day of the check that follows one of `confirmed_on` (qualification.interval_months)."""
    return calendar.months_after(confirmed_on, law.number("qualification.interval_months"))


def paid_through(ended_on: dt.date, law: Law) -> str:
    """The last month (YYYY-MM) for which a benefit is due whose entitlement ended on a day: qualification.end_month_due."""
    first = ended_on.replace(day=1)
    return f"{first if law.flag('qualification.end_month_due') else first - dt.timedelta(days=1):%Y-%m}"


def remind_on(due: dt.date, law: Law) -> dt.date:
    """The day on which a person is reminded (qualification.remind_days before the last day)."""
    return due - dt.timedelta(days=law.days("qualification.remind_days"))

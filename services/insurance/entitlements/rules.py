"""What a death or an absence gives whom (工伤保险条例 art. 39, 41), and when benefits stop (art. 42). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal

from services.insurance.claims.rules import OF_THE_DEAD
from shared.errors import RuleBroken
from shared.policy import calendar
from shared.states import Machine

Life = Literal["alive", "missing", "dead", "declared_dead"]
LifeEvent = Literal["died", "went_missing", "returned", "declared_dead"]

LIFE: Machine[Life, LifeEvent, Life] = Machine(
    "injured person",
    {
        ("alive", "died"): "dead",
        ("alive", "went_missing"): "missing",
        ("missing", "died"): "dead",
        ("missing", "declared_dead"): "declared_dead",
        ("missing", "returned"): "alive",
        ("declared_dead", "died"): "dead",
        ("declared_dead", "returned"): "alive",
    },
    kind="not-in-this-state",
    zh="当前状态不允许此操作",
)
"""A court declares dead only who is missing (工伤保险条例 art. 41); whoever comes back is alive again."""

Death = Literal["at_once", "while_suspended", "severe_after", "outside"]
"""At once: the recognised accident killed, or a court has declared the death. While suspended: of the injury within the time of
suspended work (art. 39, 2). Severe after: of grade 1 to 4, after that time, of whatever cause (art. 39, 3). Outside: none of these.
"""

GIVES: Final[Mapping[Death, frozenset[str]]] = {
    "at_once": OF_THE_DEAD,
    "while_suspended": OF_THE_DEAD,
    "severe_after": frozenset({"funeral", "dependant_pension"}),
    "outside": frozenset(),
}
"""Which kinds of benefit a death gives."""

SEVERE = range(1, 5)


def suspended_on(day: dt.date, injured: dt.date, months: int, graded_on: dt.date | None, paid_to: str | None) -> bool:
    """Whether a day lies within the time of suspended work (art. 33): at most `months` from the injury, or to the end of `paid_to`
    (YYYY-MM), the last month of suspended pay that was granted, as after a relapse (art. 38). A grade found ends it, since only the
    living are assessed.
    """
    if graded_on is not None and day >= graded_on:
        return False
    month = f"{day:%Y-%m}"
    return day <= calendar.months_after(injured, months) or (paid_to is not None and month <= paid_to)


def death_of(*, declared: bool, of_injury: bool, suspended: bool, grade: int | None) -> Death:
    """Which death it is that follows a recognised injury (art. 39, 2 and 3; art. 41)."""
    if declared:
        return "at_once"
    if suspended and of_injury:
        return "while_suspended"
    if not suspended and grade in SEVERE:
        return "severe_after"
    return "outside"


def first_pension_month(since: dt.date, pay_months: int) -> str:
    """From which month (YYYY-MM) a missing worker's dependants draw their pensions: after the months of pay (art. 41)."""
    return f"{calendar.months_after(since.replace(day=1), pay_months):%Y-%m}"


def check_day(day: dt.date, earliest: dt.date, today: dt.date) -> None:
    """Raise RuleBroken where what is recorded lies before the accident, or has not come yet."""
    if not earliest <= day <= today:
        raise RuleBroken(
            "day-does-not-fit", "日期须在伤害发生日至今天之间", "the day lies between the injury and today"
        )

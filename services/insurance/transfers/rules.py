"""Moving a person's insurance into or out of the city: what moves, until when, and by which steps."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.contracts.insurance import Insurance
from shared.errors import RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

State = Literal["requested", "sent", "overdue", "completed", "refused", "withdrawn"]
Event = Literal["sent", "completed", "refused", "lapsed", "withdrawn"]

STATES: Machine[State, Event, State] = Machine(
    "transfer",
    {
        ("requested", "sent"): "sent",
        ("requested", "refused"): "refused",
        ("requested", "lapsed"): "overdue",
        ("requested", "withdrawn"): "withdrawn",
        ("sent", "completed"): "completed",
        ("sent", "refused"): "refused",
        ("sent", "lapsed"): "overdue",
        ("withdrawn", "sent"): "sent",
        ("overdue", "sent"): "overdue",
        ("overdue", "completed"): "completed",
        ("overdue", "refused"): "refused",
    },
    kind="transfer-state",
    zh="转移申请的当前状态不允许此操作",
)
"""The term has passed (`lapsed`): 社会保险经办条例 art. 16. Whoever asked for it withdraws it while nothing was sent: what was on
its way at that very moment, and was taken, goes on."""

UNDER_WAY: frozenset[State] = frozenset({"requested", "sent", "overdue"})


def check(insurance: Insurance, other_place: str, city: str, law: Law) -> None:
    """Raise RuleBroken where the insurance does not move with the person, or the place lies in the city.

    社会保险法 art. 19, 32, 52; 社会保险经办条例 art. 12 to 15: whoever works elsewhere is insured anew there against work
    injury and for maternity.
    """
    if insurance not in law.texts("transfer.transferable"):
        raise RuleBroken(
            "not-transferable", "该险种不随同转移，在新就业地重新参保", "insured anew at the new place of work"
        )
    if other_place[:4] == city[:4]:
        raise RuleBroken("same-place", "转出地与转入地属于同一统筹地区", "both places belong to the city")


@dataclass(frozen=True, slots=True)
class Moved:
    """A transfer that was completed on a legal day, with the months that it carried."""

    direction: Literal["in", "out"]
    on: dt.date
    months: int


def months(paid: Collection[tuple[str, dt.date]], moved: Sequence[Moved]) -> int:
    """A person's months of an insurance here: those paid in the city, and those brought along, none of them lost or twice
    (社会保险法 art. 19, 32, 52).

    `paid` are months (YYYY-MM) with the day of payment; `moved` in the order of the transfers. What was carried away is not counted
    here any more; what was paid while it was on its way, or became known after, still is. Where the province did not say how many
    months it carried, it carried all.
    """
    first_paid: dict[str, dt.date] = {}
    for month, paid_on in sorted(paid, key=lambda one: one[1]):
        first_paid.setdefault(month, paid_on)
    days, counted, here = sorted(first_paid.values()), 0, 0
    for one in moved:
        by_then = max(counted, bisect_right(days, one.on))
        here, counted = here + by_then - counted, by_then
        if one.direction == "in":
            here += one.months
        else:
            here = max(here - one.months, 0) if one.months else 0
    return here + len(days) - counted


def due_on(insurance: Insurance, asked_on: dt.date, law: Law) -> dt.date | None:
    """The last day for it, in working days from the application; None where no term is known: an officer watches it."""
    try:
        return calendar.add_working_days(asked_on, law.days(f"transfer.{insurance}_workdays")).due
    except MissingParameter:
        return None

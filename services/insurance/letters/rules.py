"""What runs from the service of a letter on a party, and what not. Pure; legal days.

Terms run from service on each party for itself, never from the day of the letter: 行政复议法 art. 20 and 行政诉讼法 art. 46 (from
when one knows of it), art. 45 (from receipt of the review's decision), 工伤保险条例 art. 26 (from receipt of the conclusion).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal, Protocol, TypeVar

from shared.contracts.insurance import Side
from shared.policy import calendar
from shared.policy.parameters import Law, MissingParameter


class Dated(Protocol):
    """A service on a party, which counts from a day on."""

    @property
    def party(self) -> Side: ...
    @property
    def served_on(self) -> dt.date: ...


S = TypeVar("S", bound=Dated)


def service_on(party: Side, served: Sequence[S]) -> S | None:
    """The service on a party that counts: the earliest; None where there is none."""
    return min((one for one in served if one.party == party), key=lambda one: one.served_on, default=None)


Way = Literal["review", "court"]


def latest(way: Way, made_on: dt.date, law: Law) -> dt.date | None:
    """The day after which nobody contests a decision any more, served or not (行政复议法 art. 21; 行政诉讼法 art. 46(2))."""
    key = "admin_review.latest_years" if way == "review" else "admin_suit.latest_years"
    try:
        return calendar.months_after(made_on, 12 * law.number(key))
    except MissingParameter:
        return None


def is_late(day: dt.date, term: dt.date | None, end: dt.date | None) -> bool:
    """Whether a day is after the running `term` (None: it does not run yet, or is unknown) or after the `end` of all terms."""
    return any(last is not None and day > last for last in (term, end))


def rights(law: Law) -> str | None:
    """What a decision letter says of contesting it; None where a term is not known (行政复议法 art. 20(3))."""
    try:
        days, months = law.days("admin_review.apply_days"), law.number("admin_suit.apply_months")
    except MissingParameter:
        return None
    return f"如不服本决定，可以自收到本决定书之日起{days}日内申请行政复议，或者{months}个月内向人民法院提起行政诉讼。"

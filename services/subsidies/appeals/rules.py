"""Until when a decision is contested, and what may come of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal

from shared.errors import Conflict
from shared.policy import calendar
from shared.policy.parameters import Law
from shared.states import Machine

Forum = Literal["review", "court"]
"""行政复议、行政诉讼。"""
State = Literal["filed", "upheld", "overturned", "withdrawn"]
Move = Literal["uphold", "overturn", "withdraw"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("filed", "uphold"): "upheld",
    ("filed", "overturn"): "overturned",
    ("filed", "withdraw"): "withdrawn",
}

STATES: Machine[State, Move, State] = Machine("appeal", MOVES, kind="appeal-state", zh="该复议或者诉讼已有结果")


def check_in_time(until: dt.date | None, today: dt.date) -> None:
    """Raise Conflict where there is no decision to contest, or the time for it is over."""
    if until is None:
        raise Conflict("not-decided", "该申请尚未作出决定", "nothing is decided yet")
    if today > until:
        raise Conflict("too-late", "申请复议或者起诉期限已过", "the time to contest the decision is over")


def sue_after_review(reviewed_on: dt.date, law: Law) -> dt.date:
    """The last day to sue after a review (行政诉讼法 art. 45)."""
    return calendar.add_days(reviewed_on, law.days("admin_suit.after_review_days")).due


def decide_by(forum: Forum, filed_on: dt.date, law: Law) -> dt.date | None:
    """Until when the reviewing authority decides in ordinary procedure (行政复议法 art. 62); None for a court."""
    if forum == "court":
        return None
    return calendar.add_days(filed_on, law.days("admin_review.decide_days")).due

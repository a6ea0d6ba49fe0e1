"""Until when a decision is contested, and what may come of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal

from shared.errors import Conflict, RuleBroken
from shared.policy import contesting
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


def check_in_time(until: dt.date | None, latest: dt.date | None, filed_on: dt.date) -> None:
    """Raise Conflict where the time to contest a decision is over; `until` is None while none runs, since the decision was not served:
    it is contested until the end of all terms (`latest`)."""
    if contesting.is_late(filed_on, until, latest):
        raise Conflict("too-late", "申请复议或者起诉期限已过", "the time to contest the decision is over")


def check_filed(filed_on: dt.date, decided_on: dt.date, today: dt.date) -> None:
    """Raise RuleBroken where a decision would be contested before it was taken, or on a day to come."""
    if not decided_on <= filed_on <= today:
        raise RuleBroken("filed-day", "申请复议或者起诉的日期有误", "the day is before the decision or still to come")


def check_elsewhere(forum: Forum, other: State | None, review_due_on: dt.date | None, filed_on: dt.date) -> None:
    """Raise Conflict where the other forum has the decision (行政复议法 art. 29): nobody sues while a review goes on, unless the
    authority is late with it (行政诉讼法 art. 45), and nobody has reviewed what a court has. `other`: how it stands there."""
    if other is None or other == "withdrawn":
        return
    if forum == "review":
        raise Conflict("sued-already", "已提起行政诉讼的，不得申请行政复议", "a court has the decision")
    if other == "filed" and (review_due_on is None or filed_on <= review_due_on):
        raise Conflict("under-review", "行政复议期间不得提起行政诉讼", "the decision is under review")


def check_received(received_on: dt.date | None, filed_on: dt.date, today: dt.date) -> dt.date:
    """The day on which the decision of a review was received; raises RuleBroken where it is not said, or cannot be."""
    if received_on is None:
        raise RuleBroken(
            "received-missing", "请填写申请人收到复议决定书的日期", "say when the decision of the review was received"
        )
    if not filed_on <= received_on <= today:
        raise RuleBroken("received-day", "收到复议决定书的日期有误", "the day is before the review or still to come")
    return received_on


def decide_by(forum: Forum, filed_on: dt.date, law: Law) -> dt.date | None:
    """Until when the reviewing authority decides in ordinary procedure; None for a court."""
    return None if forum == "court" else contesting.review_decided_by(filed_on, law)

"""What becomes of an enrolment, and the employer's duty to register (which days it covers: `segments`).

An enrolment is one engagement's insurance. Its states:

    state     | event    | next
    ----------|----------|----------
    none      | cover    | open
    none      | end      | ended       told only after its last day
    open      | cover    | open        moved to another scheme, person or unit
    open      | end      | ended
    open      | withdraw | withdrawn   it turns out that it never covered a day
    open      | suspend  | suspended
    suspended | at_rest  | suspended   moved while it rests
    suspended | end      | ended
    suspended | withdraw | withdrawn
    suspended | resume   | open
    ended     | cover    | open        the end was taken back
    ended     | at_rest  | suspended   the end was taken back of one that was suspended
    ended     | end      | ended       the last day is another one
    ended     | withdraw | withdrawn
    withdrawn | cover    | open
    withdrawn | at_rest  | suspended
    withdrawn | end      | ended

Anything else is forbidden: what an officer asks is answered as a problem, what facts say never comes to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal

from services.insurance.enrolment.segments import Segment
from services.insurance.footing.rules import Span
from shared.policy import calendar
from shared.policy.parameters import Law, MissingParameter

Kept = Literal["open", "suspended", "ended", "withdrawn"]
State = Literal["none"] | Kept
Event = Literal["cover", "at_rest", "end", "withdraw", "suspend", "resume"]

TRANSITIONS: Mapping[tuple[State, Event], Kept] = {
    ("none", "cover"): "open",
    ("none", "end"): "ended",
    ("open", "cover"): "open",
    ("open", "end"): "ended",
    ("open", "withdraw"): "withdrawn",
    ("open", "suspend"): "suspended",
    ("suspended", "at_rest"): "suspended",
    ("suspended", "end"): "ended",
    ("suspended", "withdraw"): "withdrawn",
    ("suspended", "resume"): "open",
    ("ended", "cover"): "open",
    ("ended", "at_rest"): "suspended",
    ("ended", "end"): "ended",
    ("ended", "withdraw"): "withdrawn",
    ("withdrawn", "cover"): "open",
    ("withdrawn", "at_rest"): "suspended",
    ("withdrawn", "end"): "ended",
}

STANDING = ("open", "suspended")
"""The states in which facts call for insurance that has no end yet."""


class Forbidden(ValueError):
    """No such change of an enrolment. `kind` is stable; both texts say what stands against it."""

    def __init__(self, kind: str, zh: str, en: str) -> None:
        self.kind, self.zh, self.en = kind, zh, en
        super().__init__(en)


def next_state(state: State, event: Event) -> Kept:
    """The state after an event; raises Forbidden."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise Forbidden(
            "enrolment-state", "参保记录的当前状态不允许此操作", f"an enrolment that is {state} cannot {event}"
        ) from None


def event_of(state: State, wanted: Sequence[Segment], rests: Sequence[Span]) -> Event | None:
    """What the segments that facts call for do to an enrolment; None for nothing. `rests` are its suspensions."""
    if not wanted:
        return None if state in ("none", "withdrawn") else "withdraw"
    if wanted[-1].ends_on is not None:
        return "end"
    return "at_rest" if rests and rests[-1].last is None else "cover"


def register_by(segment: Segment, law: Law) -> dt.date | None:
    """Until when the employer must register the person, in natural days from the first day of work (社会保险法 art. 58).

    None for any segment that is not an employer's, and where no term was in force on that day.
    """
    if segment.basis != "employer":
        return None
    try:
        return calendar.add_days(segment.starts_on, law.days("employment.register_days")).due
    except MissingParameter:
        return None


def suspend(state: State, last: Segment | None, rests: Sequence[Span], since: dt.date, today: dt.date) -> Kept:
    """The state after a suspension from `since` on; raises Forbidden."""
    after = next_state(state, "suspend")
    if last is None or since < last.starts_on:
        raise Forbidden("before-cover", "中止日期早于参保日期", "the cover had not begun on that day")
    _not_ahead(since, today)
    if rests and rests[-1].last is not None and since <= rests[-1].last:
        raise Forbidden("suspended-then", "该日期已处于中止期间", "the cover rested on that day already")
    return after


def resume(state: State, rests: Sequence[Span], since: dt.date, today: dt.date) -> Kept:
    """The state after the cover holds again from `since` on; raises Forbidden."""
    after = next_state(state, "resume")
    if since <= rests[-1].first:
        raise Forbidden("before-suspension", "恢复日期应晚于中止日期", "it is to hold again after it began to rest")
    _not_ahead(since, today)
    return after


def _not_ahead(day: dt.date, today: dt.date) -> None:
    if day > today:
        raise Forbidden("day-ahead", "日期不能晚于今天", "the day has not come yet")

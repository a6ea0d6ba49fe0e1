"""What becomes of an enrolment, the employer's duty to register, and what is asked of the province (which days are covered:
`segments`).

An enrolment is one engagement's insurance. What its machine does not allow is forbidden: what an officer asks is answered as a
problem, what facts say never comes to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.insurance.engagements.rules import Span
from services.insurance.enrolment.segments import Change, Segment, changes
from shared.errors import Conflict
from shared.policy import calendar
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

State = Literal["open", "suspended", "ended", "withdrawn"]
Before = Literal["none"] | State
Event = Literal["cover", "at_rest", "end", "withdraw", "suspend", "resume"]


STANDING = ("open", "suspended")
"""The states in which facts call for insurance that has no end yet."""


STATES: Machine[Before, Event, State] = Machine(
    "enrolment",
    {
        ("none", "cover"): "open",
        ("none", "end"): "ended",  # told only after its last day
        ("open", "cover"): "open",  # moved to another scheme, person or unit
        ("open", "end"): "ended",
        ("open", "withdraw"): "withdrawn",  # it turns out that it never covered a day
        ("open", "suspend"): "suspended",
        ("suspended", "at_rest"): "suspended",  # moved while it rests
        ("suspended", "end"): "ended",
        ("suspended", "withdraw"): "withdrawn",
        ("suspended", "resume"): "open",
        ("ended", "cover"): "open",  # the end was taken back
        ("ended", "at_rest"): "suspended",  # the end was taken back of one that was suspended
        ("ended", "end"): "ended",  # the last day is another one
        ("ended", "withdraw"): "withdrawn",
        ("withdrawn", "cover"): "open",
        ("withdrawn", "at_rest"): "suspended",
        ("withdrawn", "end"): "ended",
    },
    kind="enrolment-state",
    zh="参保记录的当前状态不允许此操作",
)


def event_of(state: Before, wanted: Sequence[Segment], rests: Sequence[Span]) -> Event | None:
    """What the segments that facts call for do to an enrolment; None for nothing. `rests` are its suspensions."""
    if not wanted:
        return None if state in ("none", "withdrawn") else "withdraw"
    if wanted[-1].ends_on is not None:
        return "end"
    return "at_rest" if rests and rests[-1].last is None else "cover"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the segments that facts call for do to an enrolment: its state, what is published of its segments, and whether the
    last of them is a new one."""

    state: State
    changes: Sequence[Change]
    begins: bool


def decide(
    state: Before, segments: Sequence[Segment], suspensions: Sequence[Span], wanted: Sequence[Segment]
) -> Decision | None:
    """What becomes of an enrolment with these segments and suspensions where others are wanted; None where nothing does.

    社会保险法 art. 58; 办法（试行） art. 2.
    """
    found = changes(segments, wanted)
    if not found:
        return None
    event = event_of(state, wanted, suspensions)
    assert event is not None, "where segments change, something is wanted or was"
    return Decision(STATES.next(state, event), found, bool(wanted) and ("opened", wanted[-1]) in found)


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


def suspend(state: Before, last: Segment | None, rests: Sequence[Span], since: dt.date, today: dt.date) -> State:
    """The state after a suspension from `since` on; raises Conflict."""
    after = STATES.next(state, "suspend")
    if last is None or since < last.starts_on:
        raise Conflict("before-cover", "中止日期早于参保日期", "the cover had not begun on that day")
    _not_ahead(since, today)
    if rests and rests[-1].last is not None and since <= rests[-1].last:
        raise Conflict("suspended-then", "该日期已处于中止期间", "the cover rested on that day already")
    return after


def resume(state: Before, rests: Sequence[Span], since: dt.date, today: dt.date) -> State:
    """The state after the cover holds again from `since` on; raises Conflict."""
    after = STATES.next(state, "resume")
    if since <= rests[-1].first:
        raise Conflict("before-suspension", "恢复日期应晚于中止日期", "it is to hold again after it began to rest")
    _not_ahead(since, today)
    return after


def _not_ahead(day: dt.date, today: dt.date) -> None:
    if day > today:
        raise Conflict("day-ahead", "日期不能晚于今天", "the day has not come yet")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request to the province as it stands: what it asks for, with the last day told or to be told since."""

    number: str
    segment: Segment
    status: Literal["waiting", "accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A new request."""

    segment: Segment


@dataclass(frozen=True, slots=True)
class NewEnd:
    """Another last day of an earlier request, the day before its first where it is withdrawn; null while it has none."""

    number: str
    ends_on: dt.date | None


def requests_for(kept: Sequence[Sent], wanted: Iterable[Segment]) -> list[NewRequest | NewEnd]:
    """What makes the province's view that which is wanted: ends and withdrawals first, then new requests.

    A last day that the province may have heard of is never taken back: that request is withdrawn and a new one made.
    Nothing is withdrawn that the province refused; and what it refused is asked again by a person only (`repeat_refused`).
    """
    missing = list(wanted)
    changes: list[NewRequest | NewEnd] = []
    for sent in reversed(kept):
        if sent.segment.ends_on is not None and sent.segment.ends_on < sent.segment.starts_on:
            continue
        match = next((segment for segment in missing if segment.is_same_as(sent.segment)), None)
        takes_back = match is not None and match.ends_on is None and sent.segment.ends_on is not None
        if match is None or (takes_back and sent.status == "accepted"):
            if sent.status != "rejected":
                changes.append(NewEnd(sent.number, sent.segment.never.ends_on))
            continue
        missing.remove(match)
        if match.ends_on != sent.segment.ends_on:
            changes.append(NewEnd(sent.number, match.ends_on))
    return [*changes, *(NewRequest(segment) for segment in sorted(missing, key=lambda segment: segment.starts_on))]


def reissue(kept: Sequence[Sent], wanted: Iterable[Segment]) -> list[NewRequest | NewEnd]:
    """What makes the province forget what it took, and take it again: it knows the person by a wrong id number."""
    taken = [sent for sent in kept if sent.status == "accepted" and sent.segment != sent.segment.never]
    withdrawn: list[NewRequest | NewEnd] = [NewEnd(sent.number, sent.segment.never.ends_on) for sent in taken]
    return withdrawn + requests_for([sent for sent in kept if sent not in taken], wanted)


def repeat_refused(kept: Sequence[Sent], wanted: Iterable[Segment]) -> list[NewRequest]:
    """New requests for what is wanted and was refused; raises Conflict where nothing was."""
    answered = [sent for sent in kept if sent.status != "rejected"]
    asked = [change for change in requests_for(answered, wanted) if isinstance(change, NewRequest)]
    if not asked:
        raise Conflict("nothing-refused", "没有被省平台退回的参保申请", "the province has refused nothing of this")
    return asked

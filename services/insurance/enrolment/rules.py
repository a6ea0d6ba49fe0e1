"""What becomes of an enrolment, the employer's duty to register, and what is asked of the province (which days are covered:
`segments`).

An enrolment is one engagement's insurance. What its machine does not allow is forbidden: what an officer asks is answered as a
problem, what facts say never comes to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from services.insurance.engagements.rules import Span
from services.insurance.enrolment.segments import Change, Segment, changes
from shared.errors import Conflict, Forbidden
from shared.policy import calendar
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

State = Literal["open", "undeclared", "suspended", "ended", "withdrawn"]
"""`undeclared`: an employer must declare the person, and has not; nobody is registered before."""
Before = Literal["none"] | State
Event = Literal["cover", "owe", "at_rest", "end", "withdraw", "suspend", "resume"]


STATES: Machine[Before, Event, State] = Machine(
    "enrolment",
    {
        ("none", "cover"): "open",
        ("none", "owe"): "undeclared",
        ("none", "end"): "ended",  # told only after its last day
        ("open", "cover"): "open",  # moved to another scheme, person or unit
        ("open", "owe"): "undeclared",  # moved to an employer who has still to declare
        ("open", "end"): "ended",
        ("open", "withdraw"): "withdrawn",  # it turns out that it never covered a day
        ("open", "suspend"): "suspended",
        ("undeclared", "owe"): "undeclared",  # moved to another employer, or other days
        ("undeclared", "cover"): "open",
        ("undeclared", "at_rest"): "suspended",  # declared, or moved, while it rests
        ("undeclared", "end"): "ended",
        ("undeclared", "withdraw"): "withdrawn",
        ("suspended", "owe"): "undeclared",
        ("suspended", "at_rest"): "suspended",  # moved while it rests
        ("suspended", "end"): "ended",
        ("suspended", "withdraw"): "withdrawn",
        ("suspended", "resume"): "open",
        ("ended", "cover"): "open",  # the end was taken back
        ("ended", "owe"): "undeclared",
        ("ended", "at_rest"): "suspended",  # the end was taken back of one that was suspended
        ("ended", "end"): "ended",  # the last day is another one
        ("ended", "withdraw"): "withdrawn",
        ("withdrawn", "cover"): "open",
        ("withdrawn", "owe"): "undeclared",
        ("withdrawn", "at_rest"): "suspended",
        ("withdrawn", "end"): "ended",
    },
    kind="enrolment-state",
    zh="参保记录的当前状态不允许此操作",
)


def event_of(
    state: Before, wanted: Sequence[Segment], rests: Sequence[Span], declared: Iterable[Declared]
) -> Event | None:
    """What the segments that facts call for do to an enrolment; None for nothing. `rests` are its suspensions."""
    if not wanted:
        return None if state in ("none", "withdrawn") else "withdraw"
    if wanted[-1].ends_on is not None:
        return "end"
    if wanted[-1] in undeclared(wanted, declared):
        return "owe"
    return "at_rest" if rests and rests[-1].last is None else "cover"


@dataclass(frozen=True, slots=True)
class Declared:
    """An employer's word (by its credit code) that it has employed the person since a legal day."""

    unit: str
    starts_on: dt.date


def meant_by(word: Declared, segments: Iterable[Segment]) -> Segment | None:
    """The segment, of several by day, that an employer's word counts for: its own of that day or, where facts have moved the
    first day behind it, the next."""
    own = [segment for segment in segments if segment.basis == "employer" and segment.unit == word.unit]
    covering = (segment for segment in own if segment.span.covers(word.starts_on))
    return next(covering, None) or next((segment for segment in own if segment.starts_on > word.starts_on), None)


def undeclared(segments: Sequence[Segment], declared: Iterable[Declared]) -> list[Segment]:
    """The segments, by day, whose employer has still to declare the person (社会保险法 art. 58)."""
    meant = [meant_by(word, segments) for word in declared]
    return [segment for segment in segments if segment.basis == "employer" and segment not in meant]


def declare(segments: Sequence[Segment], declared: Sequence[Declared], word: Declared) -> Segment:
    """The segment that an employer's word is about; raises Forbidden, or Conflict."""
    own = [segment for segment in segments if segment.basis == "employer" and segment.unit == word.unit]
    if not own:
        raise Forbidden("仅用人单位可申报", "only the employer declares whom it employs")
    meant = next((segment for segment in own if segment.starts_on == word.starts_on), None)
    if meant is None:
        days = "、".join(str(segment.starts_on) for segment in own)
        raise Conflict(
            "other-first-day",
            f"用工之日与用工登记不符（登记为{days}），请先更正用工登记",
            f"the first days of work on file are {days}: have the engagement corrected first",
        )
    if meant not in undeclared(segments, declared):
        raise Conflict("declared-already", "已申报", "the person has been declared already")
    return meant


@dataclass(frozen=True, slots=True)
class Decision:
    """What the segments that facts call for do to an enrolment: its state, what is published of its segments, and whether the
    last of them is a new one."""

    state: State
    changes: Sequence[Change]
    begins: bool


def decide(
    state: Before,
    segments: Sequence[Segment],
    suspensions: Sequence[Span],
    wanted: Sequence[Segment],
    declared: Sequence[Declared] = (),
) -> Decision | None:
    """What becomes of an enrolment with these segments and suspensions where others are wanted; None where nothing does.

    社会保险法 art. 58; 办法（试行） art. 2.
    """
    found = changes(segments, wanted)
    if not found:
        return None
    event = event_of(state, wanted, suspensions, declared)
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


def unmet(segments: Sequence[Segment], declared: Iterable[Declared], sent: Sequence[Sent]) -> list[Segment]:
    """The segments whose employer has a duty that is open: it has not declared the person, or what it declared was refused."""
    owed = undeclared(segments, declared)
    return [
        segment
        for segment in segments
        if segment in owed or (segment.basis == "employer" and answer_to(segment, sent) == "rejected")
    ]


def answer_to(segment: Segment, sent: Sequence[Sent]) -> str | None:
    """How the latest request for a segment stands; None where there is none."""
    asked = [
        one.status
        for one in sent
        if one.segment != one.segment.never
        and segment.span.covers(one.segment.starts_on)
        and replace(one.segment, starts_on=segment.starts_on).is_same_as(segment)
    ]
    return asked[-1] if asked else None


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

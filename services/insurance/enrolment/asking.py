"""What is asked of the provincial platform so that its view of an engagement's segments is the wanted one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.insurance.enrolment.rules import Forbidden
from services.insurance.enrolment.segments import Segment


@dataclass(frozen=True, slots=True)
class Sent:
    """A request to the province as it stands: what it asks for, with the last day told or to be told since."""

    number: str
    segment: Segment
    status: Literal["waiting", "accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class Ask:
    """A new request."""

    segment: Segment


@dataclass(frozen=True, slots=True)
class SetEnd:
    """Another last day of an earlier request, the day before its first where it is withdrawn; null while it has none."""

    number: str
    ends_on: dt.date | None


def requests(kept: Sequence[Sent], wanted: Iterable[Segment]) -> list[Ask | SetEnd]:
    """What makes the province's view that which is wanted: ends and withdrawals first, then new requests.

    A last day that the province may have heard of is never taken back: that request is withdrawn and a new one made.
    Nothing is withdrawn that the province refused; and what it refused is asked again by a person only (`again`).
    """
    missing = list(wanted)
    changes: list[Ask | SetEnd] = []
    for sent in reversed(kept):
        if sent.segment.ends_on is not None and sent.segment.ends_on < sent.segment.starts_on:
            continue
        match = next((segment for segment in missing if segment.is_same_as(sent.segment)), None)
        takes_back = match is not None and match.ends_on is None and sent.segment.ends_on is not None
        if match is None or (takes_back and sent.status == "accepted"):
            if sent.status != "rejected":
                changes.append(SetEnd(sent.number, sent.segment.never.ends_on))
            continue
        missing.remove(match)
        if match.ends_on != sent.segment.ends_on:
            changes.append(SetEnd(sent.number, match.ends_on))
    return [*changes, *(Ask(segment) for segment in sorted(missing, key=lambda segment: segment.starts_on))]


def anew(kept: Sequence[Sent], wanted: Iterable[Segment]) -> list[Ask | SetEnd]:
    """What makes the province forget what it took, and take it again: it knows the person by a wrong id number."""
    taken = [sent for sent in kept if sent.status == "accepted" and sent.segment != sent.segment.never]
    withdrawn: list[Ask | SetEnd] = [SetEnd(sent.number, sent.segment.never.ends_on) for sent in taken]
    return withdrawn + requests([sent for sent in kept if sent not in taken], wanted)


def again(kept: Sequence[Sent], wanted: Iterable[Segment]) -> list[Ask]:
    """New requests for what is wanted and was refused; raises Forbidden where nothing was."""
    answered = [sent for sent in kept if sent.status != "rejected"]
    asked = [change for change in requests(answered, wanted) if isinstance(change, Ask)]
    if not asked:
        raise Forbidden("nothing-refused", "没有被省平台退回的参保申请", "the province has refused nothing of this")
    return asked

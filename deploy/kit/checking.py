"""What a platform's events lack, by the code that the gateway itself decides with. Reads no server and keeps nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from services.registry.gateway import rules
from services.registry.gateway.event_rules import UNREADABLE, names_of
from shared.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Line:
    """One event of a file: the number of its line, from 1, and its bytes."""

    number: int
    raw: bytes

    @property
    def type(self) -> str | None:
        return names_of(self.raw)[1]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one event, in Chinese and English. It quotes nothing of the event but its type."""

    line: Line
    zh: str
    en: str


def lines_of(content: Iterable[bytes]) -> list[Line]:
    """The events of newline-delimited JSON; blank lines are none."""
    return [Line(number, line.strip()) for number, line in enumerate(content, 1) if line.strip()]


def likely_source(lines: Sequence[Line]) -> str:
    """The source that most events name; empty where none can be read."""
    sources = Counter(source for line in lines if (source := _source_of(line)))
    return sources.most_common(1)[0][0] if sources else ""


class _Source(msgspec.Struct):
    source: str = ""


def _source_of(line: Line) -> str:
    try:
        return msgspec.json.decode(line.raw, type=_Source).source
    except UNREADABLE:
        return ""


def refusal(raw: bytes, source: str, moment: rules.Moment) -> tuple[str, str] | None:
    """Why the gateway would refuse an event, in Chinese and English; None where it takes it."""
    try:
        rules.read(raw, source, moment)
    except (RuleBroken, *UNREADABLE) as error:
        return rules.reason_of(error)
    return None


def check(lines: Iterable[Line], source: str, moment: rules.Moment) -> Iterator[Finding]:
    """What is wrong with a platform's events, the first thing of each.

    That an id comes again with something else to say the gateway does not see: it is taken, and may have no effect.
    """
    first: dict[str, Line] = {}
    for line in lines:
        reason = refusal(line.raw, source, moment)
        if reason is not None:
            yield Finding(line, *reason)
            continue
        earlier = first.setdefault(names_of(line.raw)[0] or "", line)
        if earlier.raw != line.raw:
            yield Finding(
                line,
                "id 与前面另一事件的相同而内容不同，会被直接略过",
                "its id is that of another event before it, so that it is silently passed over",
            )

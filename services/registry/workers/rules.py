"""Which name and phone hold of a person, and how long a record is kept (个人信息保护法 art. 47).

`fall_due`: no duty keeps the record any more; `engage`: the person begins new work. Nothing leads out of `erased`: whoever
comes back is a new record. While it is `asked` and a duty still keeps the record, it is stored and nothing more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.errors import Conflict
from shared.policy import calendar
from shared.policy.parameters import Law
from shared.states import Machine

MOST_WORDS = 8
"""How many words of one source on a name or a phone are kept: ours, not the law's."""

Keeping = Literal["kept", "asked", "erased"]
KeepingEvent = Literal["ask", "withdraw", "engage", "fall_due"]

MOVES: Mapping[tuple[Keeping, KeepingEvent], Keeping] = {
    ("kept", "ask"): "asked",
    ("kept", "fall_due"): "erased",
    ("kept", "engage"): "kept",
    ("asked", "withdraw"): "kept",
    ("asked", "fall_due"): "erased",
    ("asked", "engage"): "kept",
}

STATES: Machine[Keeping, KeepingEvent, Keeping] = Machine("worker's record", MOVES)


def ask(state: Keeping) -> Keeping:
    """The state after a person asks for erasure; raises Conflict."""
    if not STATES.allows(state, "ask"):
        raise Conflict("asked-already", "此前已申请删除", "erasure was asked for before")
    return STATES.next(state, "ask")


def withdraw(state: Keeping) -> Keeping:
    """The state after a person takes the request back; raises Conflict."""
    if not STATES.allows(state, "withdraw"):
        raise Conflict("not-asked", "没有待处理的删除申请", "no erasure was asked for")
    return STATES.next(state, "withdraw")


def work_kept_until(last_days: Sequence[dt.date | None], law: Law) -> dt.date | None:
    """The last legal day on which a person's engagements keep the record; None while one runs.

    `last_days` are those of the engagements, at least one, null for one that runs. After the last one the record is kept for
    `retention.worker_record_years`.
    """
    ended = [day for day in last_days if day is not None]
    if len(ended) < len(last_days):
        return None
    return calendar.months_after(max(ended), 12 * law.number("retention.worker_record_years"))


def matter_kept_until(closed_on: dt.date | None, law: Law) -> dt.date | None:
    """The last legal day on which a matter keeps the record; None while it is open.

    One that is closed keeps it while its outcome can still be taken to court (行政诉讼法 art. 46).
    """
    if closed_on is None:
        return None
    return calendar.months_after(closed_on, law.number("retention.after_matter_months"))


def heard_late(law: Law) -> dt.timedelta:
    """How long somebody is kept of whom something long past is told only now, and who has not asked to be erased: more of it may be
    on its way, in whatever order (`retention.heard_late_days`, ours and not the law's)."""
    return dt.timedelta(days=law.days("retention.heard_late_days"))


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeps a person's record, what people read of it, since when, and until when; None while it goes on."""

    kind: str
    title: str
    since: dt.date
    until: dt.date | None


def erasable_on(until: Sequence[dt.date | None]) -> dt.date | None:
    """The first legal day on which nothing keeps a person's record; None while something does without an end that is known.

    `until`: the last day of each ground. One without any ground is kept for nothing.
    """
    known = [day for day in until if day is not None]
    if len(known) < len(until):
        return None
    return max(known) + dt.timedelta(days=1) if known else dt.date.min


Rank = Literal["own", "officer", "platform"]
"""Whose word it is: the person's own, an officer's, or a platform's."""


@dataclass(frozen=True, slots=True)
class Word:
    """What one source said of a person's name or phone at an instant."""

    source: str
    rank: Rank
    said: str
    told_at: dt.datetime


def _order(word: Word) -> tuple[dt.datetime, str, str]:
    return word.told_at, word.source, word.said


def in_force(words: Iterable[Word]) -> Word:
    """The word that holds of a name or a phone, in whatever order the words came in.

    The person's own stands over an officer's, and that over those of platforms; of the same source the latest. Of platforms
    the one holds that first named the person; what it says later holds too, unless another one says what stood so far. So
    nobody renames a person, or takes over their messages, whom somebody else knows.
    """
    known = sorted(words, key=_order)
    for rank in ("own", "officer"):
        higher = [word for word in known if word.rank == rank]
        if higher:
            return higher[-1]
    said: dict[str, Word] = {}  # in the order in which the platforms came to know the person
    standing = known[0]
    for word in known:
        said[word.source] = word
        if all(one.said != standing.said for one in said.values()):
            standing = next(iter(said.values()))
    return standing


def differing(words: Iterable[Word]) -> list[Word]:
    """The latest words of sources that say something else than what holds, in the order of their sources."""
    known = sorted(words, key=_order)
    held = in_force(known)
    latest = {word.source: word for word in known}
    return [latest[source] for source in sorted(latest) if latest[source].said != held.said]


def kept(words: Iterable[Word]) -> list[Word]:
    """The words to be kept: of what a source says again and again the first and the last, and of many the first and latest.

    At most `MOST_WORDS` of a source, so that none of them grows the record without end.
    """
    by_source: dict[str, list[Word]] = {}
    for word in sorted({*words}, key=_order):
        run = by_source.setdefault(word.source, [])
        if len(run) > 1 and run[-1].said == run[-2].said == word.said:
            run.pop()
        run.append(word)
    return [
        word
        for _, run in sorted(by_source.items())
        for word in (run if len(run) <= MOST_WORDS else [run[0], *run[1 - MOST_WORDS :]])
    ]

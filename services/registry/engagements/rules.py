"""How an engagement stands, out of events that may come in any order, and what is told when that changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

State = Literal["blocked", "active", "ended"]

News = Literal["registered", "corrected", "blocked", "activated", "unblocked", "closed"]


@dataclass(frozen=True, slots=True, order=True)
class End:
    """The last day of work that a platform told of, when it did, and why."""

    ended_on: dt.date
    told_at: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How an engagement stands: whether the person may work, and the end, if there is one."""

    may_work: bool
    ended_on: dt.date | None

    @property
    def state(self) -> State:
        if self.ended_on is not None:
            return "ended"
        return "active" if self.may_work else "blocked"


def supersedes(told_at: dt.datetime, kept_at: dt.datetime) -> bool:
    """Whether a declaration takes the place of the kept one. Of two of the same instant the one that came later holds."""
    return told_at >= kept_at


def end_of(started_on: dt.date, ends: Iterable[End]) -> End | None:
    """The end of an engagement out of all the ends of its account: the earliest that does not lie before its start."""
    return min((end for end in ends if end.ended_on >= started_on), default=None)


def news(before: Standing | None, after: Standing, *, corrected: bool) -> list[News]:
    """What is told of a change; `before` is None for an engagement that is new.

    One that has ended is not blocked or activated any more. A new one is told from its beginning, even where its end
    has come first.
    """
    told: list[News] = []
    if before is None:
        told += ["registered", "activated" if after.may_work else "blocked"]
    elif corrected:
        told.append("corrected")
    if before is not None and before.ended_on is None and after.ended_on is None and before.may_work != after.may_work:
        told.append("unblocked" if after.may_work else "blocked")
    if after.ended_on != (before.ended_on if before else None):
        told.append("closed")
    return told

"""How an engagement stands, out of events that may come in any order, and what is told when that changes.

    place            | step     | next    | what is told
    -----------------|----------|---------|---------------------------------------------
    absent           | start    | at_gate | EngagementRegistered
    at_gate          | block    | blocked | EngagementBlocked
    at_gate          | activate | active  | EngagementActivated
    blocked          | activate | active  | EngagementActivated, with `was_blocked`
    active           | block    | blocked | EngagementBlocked
    blocked, active  | end      | ended   | EngagementClosed
    ended            | activate | ended   | EngagementActivated: the person may have worked before the end
    ended            | end      | ended   | EngagementClosed: another last day
    ended            | reopen   | at_gate | nothing by itself; the gate's decision follows
    blocked, active, | correct  | as it   | EngagementCorrected: other facts, or the person never might work
    ended            |          | was     |

`absent` and `at_gate` are passed through within one transaction and never stored. Whoever begins again after an end has a
new engagement, which names the one before (`predecessor`). Anything else is forbidden.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

MOST_END_DAYS = 200
"""On how many different days one account may have ended, by what its platform tells: ours, not the law's."""

MOST_ENGAGEMENTS = 5000
"""How many engagements one person may have through one platform: ours, not the law's."""

State = Literal["blocked", "active", "ended"]
Place = Literal["absent", "at_gate", "blocked", "active", "ended"]
Step = Literal["start", "block", "activate", "correct", "end", "reopen"]

News = Literal["registered", "corrected", "blocked", "activated", "unblocked", "closed"]

TRANSITIONS: dict[tuple[Place, Step], tuple[Place, News | None]] = {
    ("absent", "start"): ("at_gate", "registered"),
    ("at_gate", "block"): ("blocked", "blocked"),
    ("at_gate", "activate"): ("active", "activated"),
    ("blocked", "activate"): ("active", "unblocked"),
    ("active", "block"): ("blocked", "blocked"),
    ("blocked", "end"): ("ended", "closed"),
    ("active", "end"): ("ended", "closed"),
    ("ended", "activate"): ("ended", "activated"),
    ("ended", "end"): ("ended", "closed"),
    ("ended", "reopen"): ("at_gate", None),
    ("blocked", "correct"): ("blocked", "corrected"),
    ("active", "correct"): ("active", "corrected"),
    ("ended", "correct"): ("ended", "corrected"),
}


class ForbiddenStep(ValueError):
    """The engagement does not stand where this step begins."""


def take(place: Place, step: Step) -> tuple[Place, News | None]:
    """Where a step leads and what is told of it; raises `ForbiddenStep`."""
    try:
        return TRANSITIONS[place, step]
    except KeyError:
        raise ForbiddenStep(f"no {step} from {place}") from None


@dataclass(frozen=True, slots=True, order=True)
class End:
    """The last day of work that a platform told of, when it did, and why."""

    ended_on: dt.date
    told_at: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An officer's finding that what was told of an end by an instant was wrong."""

    ended_on: dt.date
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How an engagement stands: whether the person may work, and the end, if there is one.

    `worked`: the person may work, or might on a day before. Of one that has ended only this counts.
    """

    may_work: bool
    ended_on: dt.date | None
    worked: bool = False

    @property
    def has_worked(self) -> bool:
        return self.worked or self.may_work

    @property
    def state(self) -> State:
        if self.ended_on is not None:
            return "ended"
        return "active" if self.may_work else "blocked"


def supersedes(told_at: dt.datetime, kept_at: dt.datetime) -> bool:
    """Whether a declaration takes the place of the kept one. Of two of the same instant the one that came later holds."""
    return told_at >= kept_at


def end_of(started_on: dt.date, ends: Iterable[End], withdrawals: Iterable[Withdrawal] = ()) -> End | None:
    """The end of an engagement out of all the ends of its account: the earliest that does not lie before its start.

    A withdrawn end does not count, also where it is told once more; one that the platform tells after the withdrawal does.
    """
    withdrawn: dict[dt.date, dt.datetime] = {}
    for one in withdrawals:
        withdrawn[one.ended_on] = max(one.at, withdrawn.get(one.ended_on, one.at))
    standing = [end for end in ends if end.ended_on not in withdrawn or end.told_at > withdrawn[end.ended_on]]
    return min((end for end in standing if end.ended_on >= started_on), default=None)


class TooMany(ValueError):
    """A platform has told so much of one account or person that no more of it is taken."""


def with_end(ends: Iterable[End], fresh: End) -> list[End]:
    """The ends of an account with one more. Of those of one last day the first and the last that were told are kept.

    In whatever order they come, the same are kept. Raises `TooMany` where they name too many days.
    """
    by_day: dict[dt.date, list[End]] = {}
    for end in sorted({*ends, fresh}):
        by_day.setdefault(end.ended_on, []).append(end)
    if len(by_day) > MOST_END_DAYS:
        raise TooMany(f"more than {MOST_END_DAYS} last days of one account")
    return [end for told in by_day.values() for end in sorted({told[0], told[-1]})]


def steps(before: Standing | None, after: Standing, *, corrected: bool) -> list[Step]:
    """The steps from one standing to another; `before` is None for an engagement that is new.

    One that has ended is not blocked any more, and activated only where it turns out that the person might have worked. A
    new one is told from its beginning, even where its end has come first.
    """
    path: list[Step] = ["start"] if before is None else []
    if before is not None and corrected:
        path.append("correct")
    runs_on = after.ended_on is None
    reopened = before is not None and before.ended_on is not None and runs_on
    worked_anew = after.has_worked and not (before is not None and before.has_worked)
    if before is None or reopened:
        path += ["reopen"] if reopened else []
        path += ["activate"] if worked_anew or after.may_work else []
        path += ["block"] if not (after.may_work if runs_on else worked_anew) else []
    elif runs_on and before.may_work != after.may_work:
        path.append("activate" if after.may_work else "block")
    elif worked_anew:
        path += ["activate", "block"] if runs_on else ["activate"]
    if after.ended_on is not None and (before is None or after.ended_on != before.ended_on):
        path.append("end")
    if not path and before is not None and before.has_worked != after.has_worked:
        path.append("correct")  # it turns out that the person never might work
    return path


def news(before: Standing | None, after: Standing, *, corrected: bool) -> list[News]:
    """What is told of a change; `before` is None for an engagement that is new."""
    place: Place = "absent" if before is None else before.state
    told: list[News] = []
    for step in steps(before, after, corrected=corrected):
        place, item = take(place, step)
        told += [item] if item else []
    return told


@dataclass(frozen=True, slots=True)
class Run:
    """The days of one engagement of a person through one platform."""

    engagement_id: str
    started_on: dt.date
    ended_on: dt.date | None


def predecessor(started_on: dt.date, others: Iterable[Run]) -> str | None:
    """The engagement that one begun on `started_on` restarts: of the same person through the same platform, the last one
    that had ended by then."""
    over = [run for run in others if run.ended_on is not None and run.started_on <= run.ended_on < started_on]
    last = max(over, key=lambda run: (run.ended_on, run.started_on, run.engagement_id), default=None)
    return last.engagement_id if last else None

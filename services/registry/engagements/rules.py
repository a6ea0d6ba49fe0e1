"""How an engagement stands and on what footing, out of events that may come in any order.

`absent` and `at_gate` are passed through within one transaction and never stored. An end that came first is followed by
`activate` where it turns out that the person may have worked before it, and by `end` where the last day is another one.
`reopen` publishes nothing by itself: the gate's decision follows. `correct` is other facts, or that the person never might work.
Whoever begins again after an end has a new engagement, which names the one before (`predecessor`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from shared.contracts.platform import Relation
from shared.errors import Conflict, RuleBroken
from shared.states import Machine

DutyState = Literal["not_needed", "due", "near", "missing", "signed", "signed_late"]
"""How the paper stands that the footing demands (德人社发〔2022〕95 号 art. 2); what leads where is for `agreements` to say."""

TermState = Literal["none", "running", "near", "worked_on", "over"]
"""How the term of the contract or agreement stands; what leads where is for `contract_terms` to say."""

MOST_END_DAYS = 200
"""On how many different days one account may have ended, by what its platform declares: ours, not the law's."""

State = Literal["blocked", "active", "ended"]
Place = Literal["absent", "at_gate", "blocked", "active", "ended"]
Step = Literal["start", "block", "activate", "correct", "end", "reopen"]

FactKind = Literal["registered", "corrected", "blocked", "activated", "unblocked", "closed"]

MOVES: Mapping[tuple[Place, Step], tuple[Place, FactKind | None]] = {
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

STATES: Machine[Place, Step, tuple[Place, FactKind | None]] = Machine(
    "engagement", MOVES, kind="engagement-state", zh="该用工关系的当前状态不允许此操作"
)


@dataclass(frozen=True, slots=True, order=True)
class End:
    """The last day of work that a platform declared, when it did, and why."""

    ended_on: dt.date
    told_at: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An officer's finding that what was declared of an end by an instant was wrong."""

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

    A withdrawn end does not count, also where it is declared once more; one that the platform declares after the withdrawal does.
    """
    withdrawn: dict[dt.date, dt.datetime] = {}
    for one in withdrawals:
        withdrawn[one.ended_on] = max(one.at, withdrawn.get(one.ended_on, one.at))
    standing = [end for end in ends if end.ended_on not in withdrawn or end.told_at > withdrawn[end.ended_on]]
    return min((end for end in standing if end.ended_on >= started_on), default=None)


def with_end(ends: Iterable[End], fresh: End) -> list[End]:
    """The ends of an account with one more. Of those of one last day the first and the last declaration are kept.

    In whatever order they come, the same are kept. Raises `RuleBroken` where they name too many days.
    """
    by_day: dict[dt.date, list[End]] = {}
    for end in sorted({*ends, fresh}):
        by_day.setdefault(end.ended_on, []).append(end)
    if len(by_day) > MOST_END_DAYS:
        raise RuleBroken(
            "too-many-ends",
            f"同一账号的终止日期不能超过{MOST_END_DAYS}个",
            f"more than {MOST_END_DAYS} last days of one account",
        )
    return [end for declared in by_day.values() for end in sorted({declared[0], declared[-1]})]


def steps(before: Standing | None, after: Standing, *, corrected: bool) -> list[Step]:
    """The steps from one standing to another; `before` is None for an engagement that is new.

    One that has ended is not blocked any more, and activated only where it turns out that the person might have worked. A
    new one is published from its beginning, even where its end has come first.
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


def facts_between(before: Standing | None, after: Standing, *, corrected: bool) -> list[FactKind]:
    """What is published of a change; `before` is None for an engagement that is new."""
    place: Place = "absent" if before is None else before.state
    found: list[FactKind] = []
    for step in steps(before, after, corrected=corrected):
        place, item = STATES.next(place, step)
        found += [item] if item else []
    return found


def reopen(state: State) -> Place:
    """Where an engagement stands after its end is taken back; raises Conflict where it has none."""
    if not STATES.allows(state, "reopen"):
        raise Conflict("not-ended", "该用工关系没有结束", "this engagement has not ended")
    place, _ = STATES.next(state, "reopen")
    return place


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


@dataclass(frozen=True, slots=True)
class FootingDecision:
    """An officer's decision on the footing: what it is from a day on."""

    relation: Relation
    effective_on: dt.date
    decided_at: dt.datetime


def footings(
    started_on: dt.date, declared: Relation, decisions: Iterable[FootingDecision]
) -> tuple[tuple[dt.date, Relation], ...]:
    """The footings by the day from which each holds, the first from `started_on`, no two neighbours the same.

    What the platform declares holds from the start up to the earliest day that an officer has decided about, and no
    further, however often it is declared again. A later decision takes the place of an earlier one from its own day on.
    """
    found: list[tuple[dt.date, Relation]] = [(started_on, declared)]
    for decision in sorted(decisions, key=lambda one: one.decided_at):
        day = max(decision.effective_on, started_on)
        found = [footing for footing in found if footing[0] < day]
        if not found or found[-1][1] != decision.relation:
            found.append((day, decision.relation))
    return tuple(found)

"""What a change of one engagement does to all engagements of the person, decided out of facts that may come in any order.

A training that was completed through one platform counts on every other, so that each change is decided for the person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from services.registry.engagements.rules import FactKind, Standing, facts_between
from services.registry.safety.rules import Gate, Training, Workplace, gate_at, was_open
from shared.errors import RuleBroken
from shared.policy.parameters import Parameters

MOST_ENGAGEMENTS: Final = 5000
"""How many engagements one person may have through one platform: ours, not the law's."""


@dataclass(frozen=True, slots=True)
class Work:
    """One engagement of a person, and how it stood so far: None for one that is new. `trained_on`: since when they have the
    training that lets them work, as it was told last."""

    engagement_id: str
    workplace: Workplace
    standing: Standing | None
    trained_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class PersonState:
    """All engagements of a person, and what they have completed on any platform."""

    works: tuple[Work, ...]
    trainings: frozenset[Training]


@dataclass(frozen=True, slots=True)
class Change:
    """What has become known. `last_days`: the last day, as it is known now, of each engagement that was spoken of.

    `corrected`: they have other facts. `others`: the person's other engagements may be open or blocked by it too.
    """

    last_days: Mapping[str, dt.date | None] = field(default_factory=dict)
    corrected: bool = False
    others: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an engagement stands after a change, the gate that says so, and what is to be published of it.

    `stored`: it is another one than before, or was spoken of. `trained_on`: since when the person is trained, where that is to
    be told: with what lets them work, and where an earlier training has become known.
    """

    engagement_id: str
    gate: Gate
    after: Standing
    facts: tuple[FactKind, ...]
    stored: bool
    trained_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a person's engagements, those that were spoken of first."""

    outcomes: tuple[Outcome, ...]


def decide(person: PersonState, change: Change, today: dt.date, on: Parameters) -> Decision:
    """What a change does to a person's engagements; raises RuleBroken where there are too many."""
    _check_number(person)
    spoken_of = [work for work in person.works if work.engagement_id in change.last_days]
    others = [work for work in person.works if work.engagement_id not in change.last_days] if change.others else []
    return Decision(tuple(_outcome(work, person.trainings, change, today, on) for work in (*spoken_of, *others)))


def _outcome(work: Work, trainings: frozenset[Training], change: Change, today: dt.date, on: Parameters) -> Outcome:
    before, spoken_of = work.standing, work.engagement_id in change.last_days
    ended_on = change.last_days[work.engagement_id] if spoken_of else (before.ended_on if before else None)
    gate = gate_at(work.workplace, trainings, ended_on, today, on)
    may_work = gate.open and ended_on is None
    after = Standing(may_work, ended_on, may_work or was_open(work.workplace, trainings, ended_on, today, on))
    known, trained_on = work.trained_on, gate.trained_on
    earlier = (
        before is not None and after.has_worked and known is not None and trained_on is not None and trained_on < known
    )
    published = facts_between(before, after, corrected=earlier or (spoken_of and change.corrected))
    told = earlier or not {"activated", "unblocked"}.isdisjoint(published)
    return Outcome(
        work.engagement_id,
        gate,
        after,
        tuple(published),
        stored=spoken_of or after != before or earlier,
        trained_on=trained_on if told else None,
    )


def _check_number(person: PersonState) -> None:
    for new in (work for work in person.works if work.standing is None):
        platform = new.workplace.platform
        if sum(work.workplace.platform == platform for work in person.works) > MOST_ENGAGEMENTS:
            raise RuleBroken(
                "too-many-engagements",
                f"同一人在同一平台的用工关系不能超过{MOST_ENGAGEMENTS}个",
                f"more than {MOST_ENGAGEMENTS} engagements of one person through one platform",
            )

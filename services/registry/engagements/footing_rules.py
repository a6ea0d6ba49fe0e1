"""The legal footing of an engagement by day, and the contest of one.

Whether a person stands in a labour relation follows from how they really work: what is declared, what is contested and
what an officer weighs are kept apart here, and nothing decides it by itself.

    contest | step     | next      | what is told
    --------|----------|-----------|------------------------------------------------------
    open    | uphold   | upheld    | FootingDecided: the footing stays
    open    | change   | changed   | FootingDecided, and EngagementCorrected with the new footings
    open    | withdraw | withdrawn | FootingDecided, by whoever raised it

A contest that is not open any more stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from shared.contracts.platform import Relation

ContestState = Literal["open", "upheld", "changed", "withdrawn"]
ContestStep = Literal["uphold", "change", "withdraw"]

CONTEST: dict[tuple[ContestState, ContestStep], ContestState] = {
    ("open", "uphold"): "upheld",
    ("open", "change"): "changed",
    ("open", "withdraw"): "withdrawn",
}


class NotOpen(ValueError):
    """The contest was decided or withdrawn before."""


class OutsideEngagement(ValueError):
    """A day on which the engagement does not run, or that has not come yet."""


def take(state: ContestState, step: ContestStep) -> ContestState:
    """The next state of a contest; raises `NotOpen`."""
    try:
        return CONTEST[state, step]
    except KeyError:
        raise NotOpen(f"no {step} of a contest that is {state}") from None


def check_day(day: dt.date, started_on: dt.date, ended_on: dt.date | None, today: dt.date) -> None:
    """Raise `OutsideEngagement` where a footing cannot hold from that day: it is a fact, and no plan."""
    if day < started_on or day > today or (ended_on is not None and day > ended_on):
        raise OutsideEngagement(str(day))


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

"""Until when a claim may be brought: one year, begun again by what interrupts it and prolonged by what suspends it
(劳动争议调解仲裁法 art. 27)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.complaints.procedures.rules import ClaimKind
from shared.contracts.platform import Relation
from shared.policy import calendar
from shared.policy.calendar import Deadline, Pause
from shared.policy.parameters import Law

Ground = Literal["claimed_of_other_side", "asked_authority", "other_side_agreed", "force_majeure", "other_cause"]
"""What interrupts it (the first three), or suspends it."""

SUSPENDING: frozenset[Ground] = frozenset({"force_majeure", "other_cause"})


@dataclass(frozen=True, slots=True)
class Happened:
    """A dated fact: an interruption on `first`, or a suspension from `first` to `last` (None: it goes on)."""

    ground: Ground
    first: dt.date
    last: dt.date | None = None


def ends_on(
    kind: ClaimKind,
    relation: Relation,
    known_on: dt.date,
    facts: Sequence[Happened],
    *,
    relation_ended_on: dt.date | None,
    law: Law,
) -> Deadline | None:
    """The last day to bring a claim; None where no limitation runs: pay that is owed in a running labour relation is exempt until
    one year after its end, and a suspension that goes on stops the clock.

    What interrupts it when it is over does not bring it back.
    """
    if kind == "pay" and relation == "employment":
        if relation_ended_on is None:
            return None
        known_on = max(known_on, relation_ended_on)
    years = law.number("arbitration.limitation_years" if relation == "employment" or kind == "employment_relation"
                       else "civil.limitation_years")  # fmt: skip
    pauses = [Pause(one.first, one.last) for one in facts if one.ground in SUSPENDING]
    begun, end = known_on, _end(known_on, years, pauses)
    for again in sorted(one.first for one in facts if one.ground not in SUSPENDING):
        if again > begun and (end is None or again <= end.due):
            begun, end = again, _end(again, years, pauses)
    return end


def _end(begun: dt.date, years: int, pauses: Sequence[Pause]) -> Deadline | None:
    days = (calendar.months_after(begun, 12 * years) - begun).days
    if not pauses:  # without counting each day of each claim of hundreds of people
        return calendar.add_days(begun, days)
    return calendar.due_with_pauses(begun, days=days, pauses=pauses)

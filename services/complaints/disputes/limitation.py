"""Until when a claim may be brought: one year, begun again by what interrupts it and prolonged by what suspends it
(劳动争议调解仲裁法 art. 27); of what is no labour relation by civil law, three years."""

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


def since(joined_on: dt.date, facts: Sequence[Happened]) -> list[Happened]:
    """What counts for who joined others on a day: that they claim it too then, and what interrupts it for all of them from then on."""
    own = [one for one in facts if one.ground in SUSPENDING or one.first >= joined_on]
    return [Happened("claimed_of_other_side", joined_on), *own]


def ends_on(
    kind: ClaimKind,
    relation: Relation,
    known_on: dt.date,
    facts: Sequence[Happened],
    *,
    relation_ended_on: dt.date | None,
    law: Law,
    by_worker: bool = True,
) -> Deadline | None:
    """The last day to bring a claim; None where no limitation runs: pay that is owed in a running labour relation is exempt until
    one year after its end, where the worker claims it, and a suspension that goes on stops the clock.

    What interrupts it when it is over does not bring it back.
    """
    if kind == "pay" and relation == "employment" and by_worker:
        if relation_ended_on is None:
            return None
        known_on = max(known_on, relation_ended_on)
    civil = relation != "employment" and kind != "employment_relation"
    pauses = sorted(
        (Pause(one.first, one.last) for one in facts if one.ground in SUSPENDING), key=lambda one: one.first
    )
    reckoned = _civil_end if civil else _end
    begun, end = known_on, reckoned(known_on, pauses, law)
    for again in sorted(one.first for one in facts if one.ground not in SUSPENDING):
        if again > begun and (end is None or again <= end.due):
            begun, end = again, reckoned(again, pauses, law)
    return end


def _end(begun: dt.date, pauses: Sequence[Pause], law: Law) -> Deadline | None:
    """That of arbitration: the days of a suspension are added."""
    days = (calendar.months_after(begun, 12 * law.number("arbitration.limitation_years")) - begun).days
    if not pauses:  # without counting each day of each claim of hundreds of people
        return calendar.add_days(begun, days)
    return calendar.due_with_pauses(begun, days=days, pauses=pauses)


def _civil_end(begun: dt.date, pauses: Sequence[Pause], law: Law) -> Deadline | None:
    """That of a suit: only a cause in its last months suspends it, and as many are left when that is gone (民法典 art. 194)."""
    months, left = 12 * law.number("civil.limitation_years"), law.number("civil.suspension_months")
    last_day, end = calendar.months_after(begun, months), calendar.add_months(begun, months)
    for pause in pauses:
        if pause.first > last_day or (pause.last is not None and pause.last <= calendar.months_after(last_day, -left)):
            continue
        if pause.last is None:
            return None
        last_day, end = calendar.months_after(pause.last, left), calendar.add_months(pause.last, left)
    return end

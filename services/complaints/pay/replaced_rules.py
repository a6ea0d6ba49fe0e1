"""Which settlements others have taken the place of.

What was replaced is pay no more, also where it is told again, or what replaced it is replaced in turn. One of another worker replaces
nothing. Of several that replace one another in a circle the one told last holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Replacement:
    """A settlement of a worker that was told to replace another, each by its id; `told_at` and `event_id` of when it was."""

    worker: str
    by: str
    replaced: str
    told_at: dt.datetime
    event_id: str


def replaced(told: Iterable[Replacement]) -> dict[tuple[str, str], str]:
    """By worker and settlement what took its place: of several the one with the lowest id."""
    by = {(one.worker, one.by): one for one in told}
    found: dict[tuple[str, str], str] = {}
    for one in sorted(by.values(), key=lambda one: one.by):
        if not _goes_back_to_last(one, by):
            found.setdefault((one.worker, one.replaced), one.by)
    return found


def _goes_back_to_last(one: Replacement, by: Mapping[tuple[str, str], Replacement]) -> bool:
    """Whether what a settlement replaces is the one told last of a circle that leads back to it."""
    circle = [one]
    while (following := by.get((one.worker, circle[-1].replaced))) is not None and following not in circle:
        circle.append(following)
    if following != one:
        return False
    return max(circle, key=lambda each: (each.told_at, each.event_id)).by == one.replaced


def linked(worker: str, settlements: Iterable[str], told: Iterable[Replacement]) -> set[str]:
    """The settlements that replace one another with some of a worker, in however many steps."""
    pairs = [{one.by, one.replaced} for one in told if one.worker == worker]
    found = set(settlements)
    fresh = found
    while fresh:
        fresh = {each for pair in pairs if pair & fresh for each in pair} - found
        found = found | fresh
    return found

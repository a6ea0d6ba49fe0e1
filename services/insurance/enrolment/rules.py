"""Which insurance an engagement gives, and what a change of the engagement does to it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from shared.contracts.insurance import Scheme
from shared.policy import calendar
from shared.policy.parameters import Law, MissingParameter

Step = Literal["nothing", "open", "move", "end", "end_otherwise"]


def scheme_of(relation: str) -> Scheme:
    """Labour relation: work-injury insurance; any other: occupational-injury cover (办法（试行） art. 2, 95 号 art. 8)."""
    return "work_injury" if relation == "employment" else "occupational_injury"


def register_by(scheme: Scheme, started_on: dt.date, law: Law) -> dt.date | None:
    """Until when the employer must register the person, in natural days from the first day of work (社会保险法 art. 58).

    None for occupational-injury cover, and where no term was in force on that day.
    """
    if scheme != "work_injury":
        return None
    try:
        return calendar.add_days(started_on, law.days("employment.register_days")).due
    except MissingParameter:
        return None


def step(
    *,
    state: str,
    cover: tuple[Scheme, str],
    ended_on: dt.date | None,
    enrolled: tuple[Scheme, str] | None,
    was_enrolled_until: dt.date | None,
) -> Step:
    """What is to be done so that the enrolment fits the engagement.

    `cover` is what the engagement calls for: its scheme and person; `enrolled` what is in force, None where nothing is;
    `was_enrolled_until` the last day of an enrolment that has ended. Whoever may not work yet is not enrolled; whoever
    is enrolled stays so until the engagement ends, or moves where its scheme or its person is corrected.
    """
    if state == "active":
        if enrolled is None:
            return "open"
        return "nothing" if enrolled == cover else "move"
    if state == "ended":
        if enrolled is not None:
            return "end"
        if was_enrolled_until is not None and was_enrolled_until != ended_on:
            return "end_otherwise"
    return "nothing"

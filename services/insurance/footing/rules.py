"""What an engagement means for insurance: a state, and the days of a labour relation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

State = Literal["registered", "blocked", "active", "ended"]


@dataclass(frozen=True, slots=True)
class Span:
    """Legal days, both ends included; `last` is None while there is no end."""

    first: dt.date
    last: dt.date | None

    def covers(self, day: dt.date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def state_after(event: State | None, before: State | None, ended_on: dt.date | None) -> State:
    """The state of an engagement after an event that says `event` (None: the event says nothing of the state)."""
    if ended_on is not None:
        return "ended"
    return event or before or "registered"


def employment(relation: str, started_on: dt.date, ended_on: dt.date | None) -> Span | None:
    """The days on which the person stands in a labour relation through this engagement, or None.

    Whether safety training keeps the person from working does not matter: the relation is there (劳动合同法 art. 7).
    """
    return Span(started_on, ended_on) if relation == "employment" else None

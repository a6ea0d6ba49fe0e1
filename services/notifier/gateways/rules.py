"""What a gateway makes of a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["under_way", "arrived", "lost"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway has the message. `state` is what it knows of its arrival already."""

    state: State = "under_way"
    gateway_id: str | None = None
    reason: str | None = None


CERTAIN: Mapping[State, int] = {"arrived": 2, "under_way": 1, "lost": 0}
"""What counts more, where a gateway says several things of one message: of its parts, or of the times that it was given."""


def weightier(one: Accepted | None, other: Accepted) -> Accepted:
    """Which of two words on one message counts: that it arrived does before all, that it is lost once nothing of it is under way."""
    return one if one is not None and CERTAIN[one.state] >= CERTAIN[other.state] else other


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway will never send this message; the reason is its code."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Whether the gateway has the message cannot be found out."""

    reason: str

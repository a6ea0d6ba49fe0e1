"""What a gateway makes of a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway has the message. `state` is what it knows of its arrival already."""

    state: Literal["under_way", "arrived", "lost"] = "under_way"
    gateway_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway will never send this message; the reason is its code."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Whether the gateway has the message cannot be found out."""

    reason: str

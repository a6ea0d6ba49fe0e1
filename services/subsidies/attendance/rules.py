"""What a report of a session comes to."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shared.states import Machine

Source = Literal["provider", "online_platform"]
"""Who reports: the body that gives the course, or the training platform on which it is held online."""

Answer = Literal["counted", "reported_already", "unknown_session", "not_held_yet", "not_enrolled", "completed_already"]

State = Literal["none", "open", "dismissed", "confirmed"]
Move = Literal["raise", "dismiss", "confirm"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("none", "raise"): "open",
    ("open", "dismiss"): "dismissed",
    ("open", "confirm"): "confirmed",
}

STATES: Machine[State, Move, State] = Machine(
    "sign of false attendance", MOVES, kind="attendance-sign-state", zh="该疑点的当前状态不允许此操作"
)


@dataclass(frozen=True, slots=True)
class Presence:
    """A person at a session of a programme."""

    key: str
    worker_id: str
    programme_id: str
    starts_at: dt.datetime
    ends_at: dt.datetime

    def overlaps(self, other: Presence) -> bool:
        """Whether the same person was at a session of another programme at the same time."""
        return (
            self.worker_id == other.worker_id
            and self.programme_id != other.programme_id
            and self.starts_at < other.ends_at
            and other.starts_at < self.ends_at
        )


def sign_key(one: str, other: str) -> str:
    """The id of the sign that two reports are, whichever comes first."""
    return hashlib.sha256("|".join(sorted((one, other))).encode()).hexdigest()[:32]


def overlapping(new: Iterable[Presence], known: Iterable[Presence]) -> Iterator[tuple[Presence, Presence]]:
    """The pairs of sessions at which one person was at the same time; each new one first."""
    by_worker: dict[str, list[Presence]] = {}
    for one in known:
        by_worker.setdefault(one.worker_id, []).append(one)
    for one in new:
        yield from ((one, other) for other in by_worker.get(one.worker_id, []) if one.overlaps(other))

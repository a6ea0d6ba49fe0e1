"""When dead letters are too many: a producer's flood sets that producer aside, everybody's stops the group.

A bad release of our own would make dead letters of everybody's events: the group stops instead of draining its topics. One
platform that sends what nobody can take must not do that to all others: after a run of dead letters its events go to the
dead letters untried, but for one a minute, whose success takes the platform up again.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import repeat

WINDOW = 200
"""Latest outcomes that are looked at."""
MANY = 50
"""Dead letters in the window, or of one platform in a row, that are too many."""
SHARE = 0.5
SEVERAL = 3
"""Platforms with dead letters in the window from which on the fault is taken to be ours."""
PROBE_SECONDS = 60.0
PLATFORM = "/platforms/"


@dataclass(slots=True)
class DeadRate:
    """What became of a group's latest events. Times are seconds of a clock that never goes back."""

    _latest: deque[tuple[str, bool]] = field(default_factory=lambda: deque(maxlen=WINDOW))
    _in_a_row: dict[str, int] = field(default_factory=dict)
    _probe_at: dict[str, float] = field(default_factory=dict)

    def took(self, source: str, count: int = 1) -> None:
        """So many events of this source had their effect."""
        self._latest.extend(repeat((source, False), min(count, WINDOW)))
        self._in_a_row.pop(source, None)
        self._probe_at.pop(source, None)

    def refused(self, source: str, now: float) -> None:
        """An event of this source was tried, and went to the dead letters."""
        self._latest.append((source, True))
        if source.startswith(PLATFORM):
            self._in_a_row[source] = self._in_a_row.get(source, 0) + 1
            if self._in_a_row[source] >= MANY:
                self._probe_at[source] = now + PROBE_SECONDS

    def is_aside(self, source: str, now: float) -> bool:
        """Whether an event of this source goes to the dead letters untried."""
        probe_at = self._probe_at.get(source)
        if probe_at is None:
            return False
        if now >= probe_at:
            self._probe_at[source] = now + PROBE_SECONDS
            return False
        return True

    @property
    def too_high(self) -> bool:
        """Whether the group must stop: many of the latest events were refused, and not one platform's alone."""
        refused = [source for source, dead in self._latest if dead]
        ours = any(not source.startswith(PLATFORM) for source in refused)
        return (
            len(refused) >= MANY
            and len(refused) >= SHARE * len(self._latest)
            and (ours or len(set(refused)) >= SEVERAL)
        )

"""Lanes: how much of some kinds of timers and work a process does at once, so that whatever is due in one holds up no other."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from beanie import Document

from shared.storage import wakeup
from shared.storage.client import Row

AT_ONCE: Final = 8
"""Timers and tries of work under way in one lane of one process."""
GIVEN: Final = 16
"""Tries of one lane whose outcome is not stored yet. They are what a process that dies leaves to be asked about."""
WAITING: Final = 4 * AT_ONCE
"""Those that a process is given and has not tried: the more wait, the closer the end of their leases."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A piece that this process has leased until then (monotonic time)."""

    row: Row
    about: Document | None
    until: float


@dataclass(slots=True)
class Lane:
    """What this process does of some kinds."""

    kinds: list[str] = field(default_factory=list)
    taken: deque[Taken] = field(default_factory=deque)
    """Those that wait for a place."""
    look_at: float = 0.0
    """When to look for more (monotonic time)."""
    tried: int = 0
    """Those under way but for the outcomes that wait to be stored: each leaves its place to the next."""
    under_way: int = 0

    @property
    def places(self) -> int:
        """How many more may begin."""
        return max(0, min(AT_ONCE - self.tried, AT_ONCE + GIVEN - self.under_way))

    @property
    def room(self) -> int:
        """How many more may be taken."""
        return max(0, WAITING - self.tried - len(self.taken))

    @property
    def looks(self) -> bool:
        """Whether it has a place and nothing at hand."""
        return self.places > 0 and not self.taken

    def begin(self) -> Taken:
        """Give a place to the next."""
        self.tried += 1
        self.under_way += 1
        return self.taken.popleft()

    def leave(self) -> None:
        """Free a place for another."""
        self.tried -= 1
        wakeup.wake("timers")

    def end(self) -> None:
        self.under_way -= 1
        wakeup.wake("timers")

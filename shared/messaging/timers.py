"""Deadlines and outside work: documents with a due time, taken by a lease, so that they outlive a restart.

A timer's handler runs in the transaction that removes the timer: its effect is stored once. Outside work (a message to
be sent, an enrolment to be handed over) is tried outside any transaction; what it returns is run in the transaction that
removes it. A try that fails comes again with growing delay; a process that dies in a try leaves the work to the next.
Here they are declared; `scheduler` does them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from beanie import Document

from shared.storage.identity_map import Key
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Due(Generic[P]):
    """A timer or a piece of work whose time has come, with what it carries. `attempts` counts this one."""

    key: str
    payload: P
    attempts: int
    about: Document | None = None
    """The document that the work is about, as this process has just stored or read it with the timer."""


@dataclass(frozen=True, slots=True)
class Timer(Generic[P]):
    kind: TimerKind[P]
    handle: Callable[[Due[P], Transaction], Awaitable[None]]
    lane: str


class Work(Generic[P, R]):
    """Outside work: an attempt, which gives a result or None where there is nothing to store, and what stores it."""

    def __init__(
        self,
        kind: TimerKind[P],
        attempt: Callable[[Due[P]], Awaitable[R | None]],
        seconds: float,
        lane: str,
        about: type[Document] | None,
        reads: Callable[[Due[P]], Iterable[Key]] | None,
    ) -> None:
        self.kind, self.attempt, self.seconds, self.lane, self.about = kind, attempt, seconds, lane, about
        self._reads = reads
        self._store: Callable[[Due[P], R, Transaction], Awaitable[None]] | None = None

    def store(
        self, handle: Callable[[Due[P], R, Transaction], Awaitable[None]]
    ) -> Callable[[Due[P], R, Transaction], Awaitable[None]]:
        """Declare how the result of an attempt is stored: in the transaction in which the work ends."""
        self._store = handle
        return handle

    def reads(self, due: Due[P]) -> Iterable[Key]:
        """The documents that storing a result reads by their ids, as far as that is known."""
        return () if self._reads is None else self._reads(due)

    async def finish(self, due: Due[P], result: R | None, tx: Transaction) -> None:
        if result is not None:
            assert self._store is not None, f"nothing stores what {self.kind} gives"
            await self._store(due, result, tx)


class TryAgain(Exception):
    """Outside work is not done yet; it comes again with growing delay, `after` seconds at the earliest."""

    def __init__(self, reason: str, after: float = 0.0) -> None:
        self.after = after
        super().__init__(reason)


def timer(
    kind: TimerKind[P], *, lane: str = ""
) -> Callable[[Callable[[Due[P], Transaction], Awaitable[None]]], Timer[P]]:
    """Handle a timer when it is due, in a lane as `work` does. The handler may schedule the same kind and key anew."""

    def declare(handle: Callable[[Due[P], Transaction], Awaitable[None]]) -> Timer[P]:
        return Timer(kind, handle, lane)

    return declare


def work(
    kind: TimerKind[P],
    *,
    seconds: float = 20.0,
    lane: str = "",
    about: type[Document] | None = None,
    reads: Callable[[Due[P]], Iterable[Key]] | None = None,
) -> Callable[[Callable[[Due[P]], Awaitable[R | None]]], Work[P, R]]:
    """Try outside work for at most `seconds`. What the attempt gives is stored by the function declared with `.store`.

    However much is due in one lane, the others go on beside it. What is `about` a document of its key's id gets that read
    together with others; what storing a result `reads` is read together with what others read.
    """

    def declare(attempt: Callable[[Due[P]], Awaitable[R | None]]) -> Work[P, R]:
        return Work(kind, attempt, seconds, lane, about, reads)

    return declare

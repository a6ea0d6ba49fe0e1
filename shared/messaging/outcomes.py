"""What became of outside work, stored many pieces at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import structlog

from shared.storage.identity_map import Key
from shared.storage.transaction import Transaction, transact

log = structlog.get_logger(__name__)

GATHER_SECONDS: Final = 0.03
"""How long the outcome of outside work waits for others, to be stored with them."""
END_SECONDS = 2.0
"""How long a process that ends goes on storing outcomes."""

Outcome = Callable[[Transaction], Awaitable[None]]
Waiting = tuple[Outcome, Iterable[Key], asyncio.Future[None]]
"""An outcome, the documents that it will read, and who waits until it is stored."""


class Outcomes:
    """Stores what became of outside work, many pieces in one transaction where they end at about the same time.

    It gathers only inside `gathered`; what comes before or after that is stored by itself.
    """

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._came = asyncio.Event()
        self._gathers = False

    async def store(self, outcome: Outcome, reads: Iterable[Key] = ()) -> None:
        """Return when the outcome is stored; raises what it raises. What it `reads` is read together with what others do."""
        if not self._gathers:
            await transact(outcome)
            return
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((outcome, reads, stored))
        self._came.set()
        await asyncio.shield(stored)  # it is stored even where nobody waits for that any more

    @asynccontextmanager
    async def gathered(self) -> AsyncIterator[None]:
        """Gather what comes. At the end what waits is stored, if that does not take long; what is not, nobody waits for: its lease
        runs out, and it is tried again."""
        gathering = asyncio.create_task(self._gather())
        self._gathers = True
        try:
            yield
        finally:
            self._gathers = False
            self._came.set()
            try:
                await asyncio.wait([gathering], timeout=END_SECONDS)
            finally:
                gathering.cancel()
                for _, _, stored in self._waiting:
                    stored.cancel()
                self._waiting.clear()

    async def _gather(self) -> None:
        while self._gathers or self._waiting:
            await self._came.wait()
            if self._gathers:
                await asyncio.sleep(GATHER_SECONDS)
            self._came.clear()
            some, self._waiting = self._waiting, []
            try:
                await self._store_all(some)
            finally:  # where it is cut short, nobody waits on
                for _, _, stored in some:
                    stored.cancel()

    async def _store_all(self, some: Sequence[Waiting]) -> None:
        if len(some) > 1:
            try:
                await transact(partial(_in_turn, some), attempts=1)
            except Exception as error:  # one of them stands in the way of the others
                log.debug("timers.one_by_one", reason=type(error).__name__)
            else:
                for _, _, stored in some:
                    if not stored.cancelled():
                        stored.set_result(None)
                return
        await asyncio.gather(*(self._store_one(outcome, stored) for outcome, _, stored in some))

    async def _store_one(self, outcome: Outcome, stored: asyncio.Future[None]) -> None:
        try:
            await transact(outcome)
        except Exception as error:
            if not stored.cancelled():
                stored.set_exception(error)
        else:
            if not stored.cancelled():
                stored.set_result(None)


async def _in_turn(some: Sequence[Waiting], tx: Transaction) -> None:
    await tx.ahead(key for _, reads, _ in some for key in reads)
    for outcome, _, _ in some:
        await outcome(tx)

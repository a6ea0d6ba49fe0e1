"""How much memory a stack takes while a day goes through it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil

from deploy.local.supervisor import Supervisor


class Peak:
    """The most resident memory that the stack's processes had together, in bytes."""

    def __init__(self) -> None:
        self.total = 0
        self.each: dict[str, int] = {}

    def take(self, sizes: dict[str, int]) -> None:
        """Take one look into account."""
        self.total = max(self.total, sum(sizes.values()))
        for name, size in sizes.items():
            self.each[name] = max(self.each.get(name, 0), size)

    def by_name(self) -> dict[str, int]:
        """The most of each process, in MB."""
        return {name: round(size / 1e6) for name, size in self.each.items()}


@asynccontextmanager
async def watched(supervisor: Supervisor) -> AsyncIterator[Peak]:
    """Look at the processes' memory every second."""
    peak = Peak()

    async def look() -> None:
        while True:
            peak.take(supervisor.memory() | {"demo": psutil.Process().memory_info().rss})
            await asyncio.sleep(1)

    task = asyncio.create_task(look())
    try:
        yield peak
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

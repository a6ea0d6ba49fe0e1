"""Servers of a test's own."""

from __future__ import annotations

import datetime as dt
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pymongo.errors import AutoReconnect

from deploy.local import child
from deploy.local.database import embedded_database
from shared import clock
from shared.storage.client import storage
from tests.harness import eventually


@dataclass
class Database:
    """A server of a test's own. A process that dies may leave a transaction open, which holds up everybody else who uses the
    server, until that ends it after a minute: so it is started again after each kill."""

    directory: Path
    port: int = field(default_factory=child.free_port)
    uri: str = ""
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Database:
        self.uri = await self._running.enter_async_context(embedded_database(self.directory, self.port))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._running.aclose()

    async def after_a_kill(self) -> None:
        """Start again, and have what the process that died had taken be due, as after a minute."""
        await self._running.aclose()
        await self.__aenter__()

        async def due() -> bool:
            with suppress(AutoReconnect):
                now = clock.now() - dt.timedelta(seconds=1)
                return (await storage().collection("timers").update_many({}, {"$set": {"due_at": now}})).acknowledged
            return False

        await eventually(due, 60)

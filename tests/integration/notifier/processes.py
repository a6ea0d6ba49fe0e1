"""The notifier's workers as processes of their own, which a test kills."""

from __future__ import annotations

import datetime as dt
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pymongo.errors import AutoReconnect

from deploy.local import child
from deploy.local.database import embedded_database
from shared import clock
from shared.settings import Settings
from shared.storage.client import storage
from tests.harness import SESSION_SECONDS, eventually
from tests.integration.notifier.conftest import RECEIPT_SECRET


def environment(settings: Settings) -> dict[str, str]:
    """What a worker is told. Its gateways are nowhere, until a test names them."""
    return {
        "MONGO_URI": settings.mongo_uri,
        "MONGO_DATABASE": settings.mongo_database,
        "KAFKA_BOOTSTRAP": settings.kafka.bootstrap,
        "KAFKA_SESSION_SECONDS": str(SESSION_SECONDS),
        "KEYS_FILE": str(settings.keys_file),
        "OIDC_ISSUER": settings.issuer,
        "OIDC_JWKS_URL": settings.jwks_url,
        "HTTP_PORT": str(child.free_port()),
        "SMS_URL": "http://127.0.0.1:9",
        "SMS_ACCESS_KEY_ID": "id",
        "SMS_ACCESS_KEY_SECRET": "secret",
        "PUSH_URL": "http://127.0.0.1:9",
        "PUSH_SECRET": "secret",
        "RECEIPT_SECRET": RECEIPT_SECRET,
        "QUIET_HOURS": "off",
    }


@asynccontextmanager
async def notifier(env: dict[str, str], log: Path) -> AsyncIterator[Process]:
    command = [sys.executable, "-m", "services.notifier", "--role", "worker"]
    process = await child.start(command, log, env={**os.environ, **env}, directory=child.PROJECT)
    try:
        yield process
    finally:
        await child.stop(process)


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

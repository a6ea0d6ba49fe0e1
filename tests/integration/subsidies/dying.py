"""A subsidies service of a test's own, on a database of its own, that dies by SIGKILL at a place and starts again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from deploy.local import child
from services.subsidies.app import service
from shared.contracts import topics
from shared.messaging.broker import create_topics
from shared.settings import KafkaSettings
from shared.storage import client, keys
from tests.harness import SESSION_SECONDS, eventually, key_server, make_settings, write_keys
from tests.integration.databases import Database

COMMAND = [sys.executable, "-m", "services.subsidies"]


@dataclass
class Doomed:
    """The service's port, environment, log and database; this process is connected to the same database."""

    port: int
    env: dict[str, str]
    log: Path
    database: Database

    @asynccontextmanager
    async def serving(self, crash_at: str | None = None) -> AsyncIterator[Process]:
        """The service, answering."""
        env = {**os.environ, **self.env} | ({} if crash_at is None else {"XINDUN_CRASH_AT": crash_at})
        process = await child.start(COMMAND, self.log, env=env, directory=child.PROJECT)
        try:
            await eventually(self._answers, 60)
            yield process
        finally:
            await child.stop(process)

    async def killed_at(self, place: str, drive: Callable[[int], Awaitable[object]]) -> None:
        """Drive the service, at its port, until it has died at a place."""
        async with self.serving(place) as process, asyncio.timeout(120):
            driven = asyncio.ensure_future(drive(self.port))
            try:
                assert await process.wait() == -signal.SIGKILL
            finally:
                driven.cancel()
                await asyncio.gather(driven, return_exceptions=True)
        await self.database.after_a_kill()

    async def _answers(self) -> bool:
        try:
            async with httpx2.AsyncClient(timeout=2) as http:
                return (await http.get(f"http://127.0.0.1:{self.port}/readyz")).status_code == 200
        except httpx2.HTTPError:
            return False


@asynccontextmanager
async def own(kafka_bootstrap: str, directory: Path) -> AsyncIterator[Doomed]:
    """A service of its own, which does not run yet."""
    await create_topics(KafkaSettings(kafka_bootstrap), topics())
    port, log = child.free_port(), directory / "subsidies.log"
    async with key_server() as jwks_url, Database(directory / "data") as database:
        settings = make_settings(database.uri, kafka_bootstrap, jwks_url, write_keys(directory / "keys.json"))
        env = {
            "MONGO_URI": settings.mongo_uri,
            "MONGO_DATABASE": settings.mongo_database,
            "KAFKA_BOOTSTRAP": kafka_bootstrap,
            "KAFKA_SESSION_SECONDS": str(SESSION_SECONDS),
            "KEYS_FILE": str(settings.keys_file),
            "OIDC_ISSUER": settings.issuer,
            "OIDC_AUDIENCE": settings.audience,
            "OIDC_JWKS_URL": jwks_url,
            "HTTP_PORT": str(port),
        }
        rings = keys.read(settings.keys_file)
        await client.connect(settings.mongo_uri, settings.mongo_database, service.documents, rings, "subsidies")
        try:
            yield Doomed(port, env, log, database)
        finally:
            client.disconnect()

"""A service of a test's own, on a database of its own, that dies by SIGKILL at a place and starts again."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.contracts import topics
from shared.messaging.broker import create_topics
from shared.service import Service
from shared.settings import KafkaSettings
from shared.storage import client, keys
from tests.harness import eventually, key_server, make_settings, write_keys
from tests.integration.databases import Database
from tests.processes import Forked, environment, is_ready, running


@dataclass
class Doomed:
    """The service's name, environment, log and database; this process is connected to the same database."""

    name: str
    env: dict[str, str]
    log: Path
    database: Database

    @asynccontextmanager
    async def serving(self, crash_at: str | None = None) -> AsyncIterator[Forked]:
        """The service, answering; or, where it is to die, dead of what it found to do as soon as it started."""
        env = self.env | ({} if crash_at is None else {"XINDUN_CRASH_AT": crash_at})
        async with running(f"services.{self.name}", env=env, log=self.log) as process:

            async def ready_or_dead() -> bool:
                return (crash_at is not None and process.returncode is not None) or await is_ready(env)

            await eventually(ready_or_dead, 60)
            yield process

    @property
    def port(self) -> int:
        return int(self.env["HTTP_PORT"])

    async def killed_at(self, place: str, drive: Callable[[int], Awaitable[object]]) -> None:
        """Drive the service, at its port, until it has died at a place; that nobody answers then may end what drives it."""
        async with self.serving(place) as process, asyncio.timeout(120):
            driven = asyncio.ensure_future(drive(self.port))
            try:
                assert await process.wait() == -signal.SIGKILL
            finally:
                driven.cancel()
                await asyncio.gather(driven, return_exceptions=True)
        await self.database.after_a_kill()


@asynccontextmanager
async def own(
    service: Service, kafka_bootstrap: str, directory: Path, told: Mapping[str, str] | None = None
) -> AsyncIterator[Doomed]:
    """A service of its own, which does not run yet. `told`: what its environment says besides what all are told."""
    await create_topics(KafkaSettings(kafka_bootstrap), topics())
    log = directory / f"{service.name}.log"
    async with key_server() as jwks_url, Database(directory / "data") as database:
        settings = make_settings(database.uri, kafka_bootstrap, jwks_url, write_keys(directory / "keys.json"))
        rings = keys.read(settings.keys_file)
        await client.connect(settings.mongo_uri, settings.mongo_database, service.documents, rings, service.name)
        try:
            yield Doomed(service.name, environment(settings) | dict(told or {}), log, database)
        finally:
            client.disconnect()

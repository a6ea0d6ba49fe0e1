"""A process that dies by SIGKILL between two steps: nothing is lost, and nothing has its effect twice."""

from __future__ import annotations

import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import msgspec
import pytest

from deploy.local import child
from shared import clock
from shared.ids import new_id
from shared.messaging.broker import Record, create_topics, make_producer, publish
from shared.messaging.envelope import headers_of
from shared.settings import KafkaSettings
from shared.storage import client
from tests.harness import SESSION_SECONDS, eventually, key_server, make_settings, write_keys
from tests.integration.chassis import sample
from tests.integration.chassis.sample import Counter, Ping


@asynccontextmanager
async def sample_process(env: dict[str, str], log: Path) -> AsyncIterator[Process]:
    command = [sys.executable, "-m", "tests.integration.chassis.sample_process"]
    process = await child.start(command, log, env={**os.environ, **env}, directory=child.PROJECT)
    try:
        yield process
    finally:
        await child.stop(process)


async def answers(port: int) -> bool:
    try:
        async with httpx2.AsyncClient(timeout=2) as http:
            return (await http.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
    except httpx2.HTTPError:
        return False


@pytest.mark.parametrize("place", ["transaction.stored", "relay.published", "consumer.handled"])
async def test_a_crash_between_steps_loses_and_repeats_nothing(
    place: str, mongo_uri: str, kafka_bootstrap: str, tmp_path: Path
) -> None:
    await create_topics(KafkaSettings(kafka_bootstrap), sample.TOPICS)
    port, log, name = child.free_port(), tmp_path / "sample.log", f"crash-{place}"
    async with key_server() as jwks_url:
        settings = make_settings(mongo_uri, kafka_bootstrap, jwks_url, write_keys(tmp_path / "keys.json"))
        env = {
            "MONGO_URI": settings.mongo_uri,
            "MONGO_DATABASE": settings.mongo_database,
            "KAFKA_BOOTSTRAP": kafka_bootstrap,
            "KAFKA_SESSION_SECONDS": str(SESSION_SECONDS),
            "KEYS_FILE": str(settings.keys_file),
            "OIDC_ISSUER": settings.issuer,
            "OIDC_JWKS_URL": jwks_url,
            "HTTP_PORT": str(port),
        }
        await client.connect(settings.mongo_uri, settings.mongo_database, [Counter])
        producer = make_producer(KafkaSettings(kafka_bootstrap))
        await producer.start()
        try:
            async with sample_process(env | {"XINDUN_CRASH_AT": place}, log) as doomed:
                await eventually(lambda: answers(port), 40)
                ping = Ping(name=name, number=5)
                headers = headers_of(new_id(), "/services/test", Ping.TYPE, clock.now())
                await publish(producer, [Record("test.ping", name.encode(), msgspec.json.encode(ping), headers)])
                assert await doomed.wait() == -signal.SIGKILL
            async with sample_process(env, log):

                async def echoed() -> Counter | None:
                    return await Counter.find_one(Counter.name == f"echo of {name}")

                await eventually(echoed, 60)
                await eventually(lambda: _nothing_pending(), 20)
        finally:
            await producer.stop()
        heard = {counter.name: counter.heard for counter in await Counter.find_all().to_list()}
        client.disconnect()
    assert heard[name] == [5]
    assert heard[f"echo of {name}"] == [5]


async def _nothing_pending() -> bool:
    return await client.storage().collection("outbox").count_documents({"pending": True}) == 0

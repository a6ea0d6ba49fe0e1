"""A gateway that dies by SIGKILL in the middle of a push loses nothing of what it kept."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import httpx2
import pytest
from aiokafka import AIOKafkaConsumer

from deploy.local import child
from services.registry.app import service
from services.registry.batches import commands as batches
from services.registry.gateway.body import BATCH_JSON
from shared import clock
from shared.contracts import topics
from shared.messaging.broker import create_topics, make_producer
from shared.settings import KafkaSettings
from shared.storage import client
from tests.harness import SESSION_SECONDS, bearer, eventually, key_server, make_settings, write_keys
from tests.unit.registry.pushes import UBIQ, array, order


async def answers(port: int) -> bool:
    try:
        async with httpx2.AsyncClient(timeout=2) as http:
            return (await http.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
    except httpx2.HTTPError:
        return False


async def seen(bootstrap: str, event_id: str) -> int:
    """How often an event stands on the topic of orders, once it does."""
    consumer = AIOKafkaConsumer("platform.order", bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    count = 0
    try:
        async with asyncio.timeout(20):
            while True:
                found = (await consumer.getmany(timeout_ms=500)).values()
                count += [str(dict(one.headers)["ce_id"], "utf-8") for some in found for one in some].count(event_id)
                if count and not found:
                    return count
    finally:
        await consumer.stop()


@pytest.mark.parametrize(("place", "times"), [("gateway.kept", 1), ("gateway.published", 2)])
async def test_what_was_kept_when_the_gateway_died_is_published(
    place: str, times: int, mongo_uri: str, kafka_bootstrap: str, tmp_path: Path
) -> None:
    await create_topics(KafkaSettings(kafka_bootstrap), topics())
    port = child.free_port()
    async with key_server() as jwks_url:
        settings = make_settings(mongo_uri, kafka_bootstrap, jwks_url, write_keys(tmp_path / "keys.json"))
        env = {
            **os.environ,
            "MONGO_URI": settings.mongo_uri,
            "MONGO_DATABASE": settings.mongo_database,
            "KAFKA_BOOTSTRAP": kafka_bootstrap,
            "KAFKA_SESSION_SECONDS": str(SESSION_SECONDS),
            "KEYS_FILE": str(settings.keys_file),
            "OIDC_ISSUER": settings.issuer,
            "OIDC_JWKS_URL": jwks_url,
            "HTTP_PORT": str(port),
            "XINDUN_CRASH_AT": place,
        }
        command = [sys.executable, "-m", "services.registry", "--role", "api"]
        doomed = await child.start(command, tmp_path / "registry.log", env=env, directory=child.PROJECT)
        event = order()
        try:
            await eventually(lambda: answers(port), 40)
            headers = {"Content-Type": BATCH_JSON, **bearer("platform", uscc=UBIQ)}
            async with httpx2.AsyncClient(timeout=20) as http:
                with pytest.raises(httpx2.HTTPError):
                    await http.post(
                        f"http://127.0.0.1:{port}/v1/platform-events", content=array(event), headers=headers
                    )
            assert await doomed.wait() == -signal.SIGKILL
        finally:
            await child.stop(doomed)
    await client.connect(settings.mongo_uri, settings.mongo_database, service.documents)
    producer = make_producer(KafkaSettings(kafka_bootstrap))
    await producer.start()
    try:
        assert (await batches.held_count())["batches"] == 1
        assert await batches.publish_held(producer, clock.now()) == 1
        assert (await batches.held_count())["batches"] == 0
        assert await seen(kafka_bootstrap, event["id"]) == times
    finally:
        await producer.stop()
        client.disconnect()

"""A gateway that dies by SIGKILL in the middle of a push loses nothing of what it kept."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import httpx2
import pytest
from aiokafka import AIOKafkaConsumer

from services.registry.app import service
from services.registry.batches import commands as batches
from services.registry.gateway.body import BATCH_JSON
from shared import clock
from shared.contracts import topics
from shared.messaging.broker import create_topics, make_producer
from shared.settings import KafkaSettings
from shared.storage import client
from tests.harness import bearer, eventually, key_server, make_settings, write_keys
from tests.processes import environment, is_ready, running
from tests.unit.registry.pushes import UBIQ, array, order


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
    async with key_server() as jwks_url:
        settings = make_settings(mongo_uri, kafka_bootstrap, jwks_url, write_keys(tmp_path / "keys.json"))
        env, event = environment(settings) | {"XINDUN_CRASH_AT": place}, order()
        async with running("services.registry", "--role", "api", env=env, log=tmp_path / "registry.log") as doomed:
            await eventually(lambda: is_ready(env), 40)
            headers = {"Content-Type": BATCH_JSON, **bearer("platform", uscc=UBIQ)}
            url = f"http://127.0.0.1:{env['HTTP_PORT']}/v1/platform-events"
            async with httpx2.AsyncClient(timeout=20) as http:
                with pytest.raises(httpx2.HTTPError):
                    await http.post(url, content=array(event), headers=headers)
            assert await doomed.wait() == -signal.SIGKILL
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

"""A process that dies by SIGKILL between two steps: nothing is lost, and nothing has its effect twice."""

from __future__ import annotations

import signal
from pathlib import Path

import msgspec
import pytest

from shared import clock
from shared.ids import new_id
from shared.messaging.broker import Record, create_topics, make_producer, publish
from shared.messaging.envelope import headers_of
from shared.settings import KafkaSettings
from shared.storage import client
from tests.harness import eventually, key_server, make_settings, write_keys
from tests.integration.chassis import sample
from tests.integration.chassis.sample import Counter, Ping
from tests.processes import environment, is_ready, running

SAMPLE = "tests.integration.chassis.sample_process"


@pytest.mark.parametrize("place", ["transaction.stored", "relay.published", "consumer.handled"])
async def test_a_crash_between_steps_loses_and_repeats_nothing(
    place: str, mongo_uri: str, kafka_bootstrap: str, tmp_path: Path
) -> None:
    await create_topics(KafkaSettings(kafka_bootstrap), sample.TOPICS)
    log, name = tmp_path / "sample.log", f"crash-{place}"
    async with key_server() as jwks_url:
        settings = make_settings(mongo_uri, kafka_bootstrap, jwks_url, write_keys(tmp_path / "keys.json"))
        env = environment(settings)
        await client.connect(settings.mongo_uri, settings.mongo_database, [Counter])
        producer = make_producer(KafkaSettings(kafka_bootstrap))
        await producer.start()
        try:
            async with running(SAMPLE, env=env | {"XINDUN_CRASH_AT": place}, log=log) as doomed:
                await eventually(lambda: is_ready(env), 40)
                ping = Ping(name=name, number=5)
                headers = headers_of(new_id(), "/services/test", Ping.TYPE, clock.now())
                await publish(producer, [Record("test.ping", name.encode(), msgspec.json.encode(ping), headers)])
                assert await doomed.wait() == -signal.SIGKILL
            async with running(SAMPLE, env=env, log=log):

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

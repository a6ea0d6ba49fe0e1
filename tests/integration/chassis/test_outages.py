"""A server that goes away and comes back: work waits, and goes on."""

from __future__ import annotations

import asyncio
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from deploy.local import child
from deploy.local.broker import broker_answers, broker_command
from deploy.local.database import database_answers, database_command, database_uri
from shared.messaging import outcomes, relay
from shared.messaging.broker import create_topics
from shared.settings import KafkaSettings
from shared.storage import client
from shared.storage.transaction import Transaction, transact
from tests.harness import eventually, running
from tests.integration.chassis import sample
from tests.integration.chassis.sample import Counter, Ping, Pong
from tests.integration.chassis.test_outcomes import came


async def heard(name: str) -> list[int]:
    counter = await Counter.find_one(Counter.name == name)
    return counter.heard if counter else []


async def test_events_wait_for_a_killed_database_and_none_is_lost(kafka_bootstrap: str, tmp_path: Path) -> None:
    await create_topics(KafkaSettings(kafka_bootstrap), sample.TOPICS)
    port, log, data = child.free_port(), tmp_path / "database.log", tmp_path / "data"
    uri = database_uri(port)
    database = await child.start(database_command(data, port), log)
    try:
        await child.ready(database, lambda: database_answers(uri), log)
        async with running(sample.SERVICE, uri, kafka_bootstrap, tmp_path) as service:
            await service.publish(Ping(name="patient", number=1))
            await eventually(lambda: heard("patient"))
            database.kill()
            await database.wait()
            await service.publish(Ping(name="patient", number=2), Ping(name="patient", number=3))
            answer = await service.http.get("/readyz")
            assert answer.status_code == 503
            assert "database" in answer.json()["missing"]
            refused = await service.http.post(
                "/v1/counters", json={"name": "x"}, headers=service.headers("worker", worker_id="w")
            )
            assert refused.status_code == 503
            assert refused.headers["retry-after"]
            database = await child.start(database_command(data, port), log)
            await child.ready(database, lambda: database_answers(uri), log)

            async def caught_up() -> bool:
                return await heard("patient") == [1, 2, 3]

            await eventually(caught_up, 60)
            await service.settled(60)
            assert [pong.number for pong in await service.told(Pong)] == [1, 2, 3]
    finally:
        await child.stop(database)


async def test_outcomes_end_soon_while_the_database_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits is told that theirs may not be stored."""
    monkeypatch.setattr(outcomes, "END_SECONDS", 0.5)
    port, log = child.free_port(), tmp_path / "database.log"
    uri = database_uri(port)
    database = await child.start(database_command(tmp_path / "data", port), log)
    try:
        await child.ready(database, lambda: database_answers(uri), log)
        await client.connect(uri, "outcomes", [Counter])
        gathering, begun = outcomes.Outcomes(), asyncio.Event()

        async def begins(tx: Transaction) -> None:
            begun.set()
            await came("first", tx)

        async with gathering.gathered():
            database.kill()
            await database.wait()
            first = asyncio.create_task(gathering.store(begins))
            await asyncio.wait_for(begun.wait(), 5)
            second = asyncio.create_task(gathering.store(partial(came, "second")))
            await asyncio.sleep(0)
            began = time.monotonic()
        assert time.monotonic() - began < 3
        await asyncio.wait_for(asyncio.wait([first, second]), 10)
        assert first.cancelled() or first.exception() is not None
        assert second.cancelled()
    finally:
        client.disconnect()
        await child.stop(database)


async def test_facts_wait_for_a_broker_that_does_not_answer(mongo_uri: str, tmp_path: Path) -> None:
    port, log = child.free_port(), tmp_path / "broker.log"
    bootstrap = f"127.0.0.1:{port}"
    broker = await child.start(await broker_command("embedded", tmp_path / "broker", port), log)
    try:
        await child.ready(broker, lambda: broker_answers(bootstrap), log)
        await create_topics(KafkaSettings(bootstrap), sample.TOPICS)
        async with running(sample.SERVICE, mongo_uri, bootstrap, tmp_path):
            broker.send_signal(signal.SIGSTOP)

            async def tell(tx: Transaction) -> None:
                tx.publish(Ping(name="later", number=6))

            await transact(tell)
            assert not await broker_answers(bootstrap)
            assert await relay.pending_count() == 1
            broker.send_signal(signal.SIGCONT)
            assert await eventually(lambda: heard("later"), 60) == [6]
            await eventually(_nothing_pending)
    finally:
        broker.send_signal(signal.SIGCONT)
        await child.stop(broker)


async def _nothing_pending() -> bool:
    return await relay.pending_count() == 0

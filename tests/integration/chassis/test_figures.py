"""What `/metrics` shows of lag and outbox is measured then, and waits for nobody who asks for the backlog."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local import child
from deploy.local.broker import broker_answers, broker_command
from shared.messaging.broker import create_topics
from shared.running import Running
from shared.settings import KafkaSettings
from shared.storage.transaction import Transaction, transact
from shared.telemetry import measuring
from tests.harness import Harness, eventually, running
from tests.integration.chassis import sample
from tests.integration.chassis.sample import Counter, Ping


@pytest.fixture(autouse=True)
def _measured_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "HOLDS_SECONDS", 0.0)


async def heard(name: str) -> list[int]:
    counter = await Counter.find_one(Counter.name == name)
    return counter.heard if counter else []


async def handled(service: Harness) -> float:
    return await service.figure("xindun_events_handled_total", group="sample.counting") or 0


async def test_a_worker_shows_how_far_its_groups_are_behind(
    mongo_uri: str, kafka_bootstrap: str, tmp_path: Path
) -> None:
    await create_topics(KafkaSettings(kafka_bootstrap), sample.TOPICS)
    async with running(sample.SERVICE, mongo_uri, kafka_bootstrap, tmp_path, role="worker") as service:
        of = {"group": "sample.counting", "topic": sample.PINGS.name}
        # what other tests in this process had handled already
        before = await handled(service)

        async def behind() -> float | None:
            return await service.figure("xindun_consumer_lag", **of)

        sample.faults["slow"] = 1_000_000
        await service.publish(*(Ping(name="slow", number=number) for number in range(7)))

        async def seven() -> bool:
            return await behind() == 7

        await eventually(seven)
        assert await service.figure("xindun_consumer_lag", group="sample.echo", topic=sample.PONGS.name) == 0
        sample.faults["slow"] = 0

        async def none() -> bool:
            return await behind() == 0

        await eventually(none, 40)
        assert await heard("slow") == list(range(7))
        assert await handled(service) - before == 7
        pongs = await service.figure("xindun_facts_total", type="cn.deyang.test.pong.said.v1")
        assert pongs is not None
        assert pongs >= 1


async def test_a_worker_shows_what_waits_for_kafka_and_since_when(mongo_uri: str, tmp_path: Path) -> None:
    port, log = child.free_port(), tmp_path / "broker.log"
    bootstrap = f"127.0.0.1:{port}"
    broker = await child.start(await broker_command("embedded", tmp_path / "broker", port), log)
    try:
        await child.ready(broker, lambda: broker_answers(bootstrap), log)
        await create_topics(KafkaSettings(bootstrap), sample.TOPICS)
        async with running(sample.SERVICE, mongo_uri, bootstrap, tmp_path, role="worker") as service:
            assert await service.figure("xindun_outbox_pending") == 0
            assert await service.figure("xindun_outbox_oldest_seconds") == 0
            broker.send_signal(signal.SIGSTOP)

            async def tell(tx: Transaction) -> None:
                tx.publish(Ping(name="waiting", number=1))

            await transact(tell)
            await transact(tell)

            async def aged() -> bool:
                return (await service.figure("xindun_outbox_oldest_seconds") or 0) > 1

            await eventually(aged)
            assert await service.figure("xindun_outbox_pending") == 2
            # Kafka is away: that its figure could not be measured is a figure itself
            assert (await service.figure("xindun_figures_failed_total", figure="lag") or 0) > 0
            broker.send_signal(signal.SIGCONT)

            async def gone() -> bool:
                return await service.figure("xindun_outbox_pending") == 0

            await eventually(gone, 60)
            assert await service.figure("xindun_outbox_oldest_seconds") == 0
    finally:
        broker.send_signal(signal.SIGCONT)
        await child.stop(broker)


async def test_an_api_shows_what_waits_where_no_worker_runs(
    mongo_uri: str, kafka_bootstrap: str, tmp_path: Path
) -> None:
    await create_topics(KafkaSettings(kafka_bootstrap), sample.TOPICS)
    async with running(sample.SERVICE, mongo_uri, kafka_bootstrap, tmp_path, role="api") as service:
        headers = service.headers("worker", worker_id="w")
        answer = await service.http.post("/v1/counters", json={"name": "unsent"}, headers=headers)
        assert answer.status_code == 201
        assert await service.figure("xindun_outbox_pending") == 1

        async def aged() -> bool:
            return (await service.figure("xindun_outbox_oldest_seconds") or 0) > 0

        await eventually(aged)


async def test_a_loop_that_ended_is_shown(mongo_uri: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    broken = asyncio.Event()

    async def breaks(_: Running) -> None:
        await broken.wait()
        raise RuntimeError("broken")

    service = replace(sample.SERVICE, background=[breaks])
    async with running(service, mongo_uri, kafka_bootstrap, tmp_path) as harness:
        assert await harness.figure("xindun_loops_ended", loop="breaks") == 0
        broken.set()

        async def ended() -> bool:
            return await harness.figure("xindun_loops_ended", loop="breaks") == 1

        await eventually(ended)
        assert await harness.figure("xindun_loops_ended", loop="relay") == 0


async def test_loops_of_one_name_all_run(mongo_uri: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    """As those of two lines, each of which closes its connections when the service ends."""
    ended: list[str] = []

    class Line:
        def __init__(self, name: str) -> None:
            self.name = name

        async def close_at_end(self, _: Running) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(self.name)

    loops = [Line("province").close_at_end, Line("tax office").close_at_end]
    await create_topics(KafkaSettings(kafka_bootstrap), sample.TOPICS)
    async with running(replace(sample.SERVICE, background=loops), mongo_uri, kafka_bootstrap, tmp_path):
        assert ended == []
    assert sorted(ended) == ["province", "tax office"]

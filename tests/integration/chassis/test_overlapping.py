"""A group whose batches may overlap: the next is handled while one is still stored, and no offset passes what is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.ids import new_id
from shared.messaging.broker import create_topics
from shared.messaging.groups import Group
from shared.settings import KafkaSettings
from tests.harness import Harness, eventually, running
from tests.integration.chassis import sample
from tests.integration.chassis.sample import Heap

PARTITION = TopicPartition("test.heap", 0)


@pytest_asyncio.fixture
async def service(mongo_uri: str, kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[Harness]:
    """The sample service, for one test: its group may be stopped in it."""
    await create_topics(KafkaSettings(kafka_bootstrap), sample.TOPICS)
    async with running(sample.SERVICE, mongo_uri, kafka_bootstrap, tmp_path) as harness:
        await harness.settled()
        yield harness


def group_of(service: Harness) -> Group:
    return next(group for group in service.process.groups if group.name == "sample.overlapping")


async def committed(service: Harness) -> int:
    bootstrap = service.process.settings.kafka.bootstrap
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id="sample.overlapping") as consumer:
        return await consumer.committed(PARTITION) or 0


async def become(what: str) -> None:
    """Wait until this became of a heap."""

    async def seen() -> bool:
        return what in sample.heaps

    await eventually(seen)


def closed(name: str) -> asyncio.Event:
    gate = sample.gates[name] = asyncio.Event()
    return gate


async def test_the_next_batch_goes_on_while_one_waits(service: Harness) -> None:
    first, second = f"slow-{new_id()}", f"quick-{new_id()}"
    gate, before = closed(first), await committed(service)
    await service.publish(Heap(name=first))
    await become(f"{first} begun")
    await service.publish(Heap(name=second))
    await become(f"{second} done")
    assert f"{first} done" not in sample.heaps
    assert await committed(service) == before
    gate.set()
    await service.settled()
    assert f"{first} done" in sample.heaps
    assert await committed(service) == before + 2


async def test_no_more_than_two_are_under_way(service: Harness) -> None:
    names = [f"one-of-{number}-{new_id()}" for number in range(3)]
    gates = [closed(name) for name in names]
    for name in names[:2]:
        await service.publish(Heap(name=name))
        await become(f"{name} begun")
    await service.publish(Heap(name=names[2]))
    gates[1].set()
    await become(f"{names[1]} done")
    assert f"{names[2]} begun" not in sample.heaps
    gates[0].set()
    await become(f"{names[2]} begun")
    gates[2].set()
    await service.settled()


async def test_a_stop_in_one_holds_back_the_next(service: Harness) -> None:
    """Too many of the first are refused: what follows had its effect, and comes again."""
    refused, second = f"refused-{new_id()}", f"behind-{new_id()}"
    gate, before = closed(refused), await committed(service)
    await service.publish(*[Heap(name=refused)] * 60)
    await become(f"{refused} begun")
    await service.publish(Heap(name=second))
    await become(f"{second} done")
    assert await committed(service) == before
    gate.set()
    group = group_of(service)

    async def ended() -> bool:
        return group.stopped == "too many dead letters" and group.consumer is None

    await eventually(ended)
    letters = [letter for letter in await service.process.dead_letters() if refused.encode() in letter.value]
    assert await committed(service) == before + len(letters) <= before + 60


async def test_what_is_under_way_ends_with_the_process(mongo_uri: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    names = [f"endless-{number}-{new_id()}" for number in range(2)]
    gates = [closed(name) for name in names]
    await create_topics(KafkaSettings(kafka_bootstrap), sample.TOPICS)
    async with asyncio.timeout(60):
        async with running(sample.SERVICE, mongo_uri, kafka_bootstrap, tmp_path) as service:
            for name in names:
                await service.publish(Heap(name=name))
                await become(f"{name} begun")
            before = await committed(service)
    assert {f"{name} given up" for name in names} <= set(sample.heaps)
    for gate in gates:
        gate.set()
    async with running(sample.SERVICE, mongo_uri, kafka_bootstrap, tmp_path) as service:
        await service.settled()
        assert {f"{name} done" for name in names} <= set(sample.heaps)
        assert await committed(service) == before + 2

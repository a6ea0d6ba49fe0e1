"""A group that rests fetches nothing, and hears what comes all the same, on each of its partitions and of either broker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from shared.messaging.broker import create_topics
from shared.messaging.groups import Group
from shared.settings import KafkaSettings
from tests.harness import Harness, eventually, running
from tests.integration.chassis import sample
from tests.integration.chassis.sample import Ping
from tests.integration.chassis.test_events import heard


@pytest_asyncio.fixture
async def service(mongo_uri: str, kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[Harness]:
    kafka = KafkaSettings(kafka_bootstrap, rest_seconds=0.2)
    await create_topics(kafka, sample.TOPICS)
    async with running(sample.SERVICE, mongo_uri, kafka, tmp_path) as harness:
        await harness.settled()
        yield harness


def group_of(service: Harness) -> Group:
    return next(group for group in service.process.groups if group.name == "sample.counting")


async def rests(service: Harness) -> None:
    """Wait until the group fetches nothing any more."""

    async def seen() -> bool:
        consumer = group_of(service).consumer
        return consumer is not None and consumer.paused() == consumer.assignment() != set()

    await eventually(seen)


async def test_a_group_at_rest_hears_what_comes(service: Harness) -> None:
    for number in range(1, 4):
        await rests(service)
        names = [f"rested-{place}" for place in range(12)]  # of each partition some
        for name in names:
            await service.publish(Ping(name=name, number=number))

        async def all_heard(names: list[str] = names, number: int = number) -> bool:
            return all([len(await heard(name)) == number for name in names])

        await eventually(all_heard)
    assert await heard("rested-0") == [1, 2, 3]


async def test_a_group_at_rest_hears_a_batch_of_several(service: Harness) -> None:
    await rests(service)
    await service.publish(*(Ping(name="several", number=number) for number in range(30)))

    async def all_heard() -> bool:
        return len(await heard("several")) == 30

    await eventually(all_heard)
    assert await heard("several") == list(range(30))

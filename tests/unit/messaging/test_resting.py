"""How a group rests: it fetches nothing, until the broker has more or somebody expects it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError

from shared.messaging.fetching import IDLE_MS, Fetcher, rest_after

FOREVER = 3600.0
FIRST, SECOND = TopicPartition("test.note", 0), TopicPartition("test.note", 1)


class Consumer:
    """As much of aiokafka's as a rest touches: five records of the first partition and none of the second were fetched."""

    def __init__(self) -> None:
        self.fetches: list[int] = []
        self.held: set[TopicPartition] = set()
        self.found: dict[TopicPartition, list[Any]] = {}
        self.ends: dict[TopicPartition, int] | Exception = {FIRST: 5, SECOND: 0}

    def assignment(self) -> set[TopicPartition]:
        return {FIRST, SECOND}

    def paused(self) -> set[TopicPartition]:
        return set(self.held)

    def pause(self, *partitions: TopicPartition) -> None:
        self.held |= set(partitions)

    def resume(self, *partitions: TopicPartition) -> None:
        self.held -= set(partitions)

    async def end_offsets(self, partitions: set[TopicPartition]) -> dict[TopicPartition, int]:
        if isinstance(self.ends, Exception):
            raise self.ends
        return {partition: self.ends[partition] for partition in partitions}

    async def position(self, partition: TopicPartition) -> int:
        return 5 if partition == FIRST else 0

    async def getmany(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Any]]:
        assert bool(self.held) == (timeout_ms == 0)
        self.fetches.append(timeout_ms)
        found, self.found = self.found, {}
        return found


def idle(seconds: float) -> tuple[Fetcher, Consumer]:
    return Fetcher({}, 1, seconds), Consumer()


async def fetch(fetcher: Fetcher, consumer: Consumer) -> None:
    assert await fetcher.fetch(cast("Any", consumer)) == []


async def resting(fetcher: Fetcher, consumer: Consumer) -> asyncio.Task[None]:
    """A fetch that waits for the end of its rest."""
    task = asyncio.create_task(fetch(fetcher, consumer))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not task.done()
    assert consumer.held == {FIRST, SECOND}
    return task


async def test_a_group_is_busy_at_first() -> None:
    fetcher, consumer = idle(FOREVER)
    await fetch(fetcher, consumer)
    assert consumer.fetches == [IDLE_MS]


async def test_a_group_at_rest_fetches_nothing() -> None:
    fetcher, consumer = idle(0.001)
    for _ in range(4):
        await fetch(fetcher, consumer)
    assert consumer.fetches == [IDLE_MS, 0, 0, 0]
    assert consumer.held == {FIRST, SECOND}


@pytest.mark.parametrize("ends", [{FIRST: 6, SECOND: 0}, {FIRST: 5, SECOND: 1}, KafkaConnectionError()])
async def test_a_rest_ends_where_the_broker_has_more_or_is_silent(ends: dict[TopicPartition, int] | Exception) -> None:
    fetcher, consumer = idle(0.001)
    await fetch(fetcher, consumer)
    consumer.ends = ends
    await fetch(fetcher, consumer)
    assert consumer.fetches == [IDLE_MS, IDLE_MS]
    assert not consumer.held


async def test_what_is_found_at_rest_ends_it_for_every_partition() -> None:
    fetcher, consumer = idle(0.001)
    await fetch(fetcher, consumer)
    consumer.found = {SECOND: [SimpleNamespace(headers=())]}  # of a partition that was given anew meanwhile
    assert len(await fetcher.fetch(cast("Any", consumer))) == 1
    await fetch(fetcher, consumer)
    assert consumer.fetches == [IDLE_MS, 0, IDLE_MS]
    assert not consumer.held


async def test_what_somebody_else_sees_ends_the_rest() -> None:
    fetcher, consumer = idle(FOREVER)
    await fetch(fetcher, consumer)
    task = await resting(fetcher, consumer)
    fetcher.expect()
    await task
    assert consumer.fetches == [IDLE_MS, IDLE_MS]
    task = await resting(fetcher, consumer)  # and the next begins anew
    task.cancel()


async def test_what_is_seen_before_a_rest_keeps_it_from_beginning() -> None:
    fetcher, consumer = idle(FOREVER)
    await fetch(fetcher, consumer)
    fetcher.expect()
    await fetch(fetcher, consumer)
    assert consumer.fetches == [IDLE_MS, IDLE_MS]


async def test_without_a_rest_a_group_goes_on() -> None:
    fetcher, consumer = idle(0.0)
    for _ in range(3):
        await fetch(fetcher, consumer)
    assert consumer.fetches == [IDLE_MS] * 3


@pytest.mark.parametrize(("idle_for", "rest"), [(0.0, 0.5), (10.0, 0.5), (10.1, 1.0), (3600.0, 1.0)])
def test_a_group_long_idle_asks_half_as_often(idle_for: float, rest: float) -> None:
    assert rest_after(idle_for, 0.5) == rest

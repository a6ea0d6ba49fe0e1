"""How a group rests: one short look at a time, and an end of the rest as soon as anything is expected."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from aiokafka import TopicPartition

from shared.messaging.fetching import IDLE_MS, LOOK_MS, Fetcher

FOREVER = 3600.0
GIVEN = {TopicPartition("test.note", 0), TopicPartition("test.note", 1)}


class Consumer:
    """As much of aiokafka's as a rest touches."""

    def __init__(self) -> None:
        self.looks: list[int] = []
        self.held: set[TopicPartition] = set()

    def assignment(self) -> set[TopicPartition]:
        return GIVEN

    def paused(self) -> set[TopicPartition]:
        return set(self.held)

    def pause(self, *partitions: TopicPartition) -> None:
        self.held |= set(partitions)

    def resume(self, *partitions: TopicPartition) -> None:
        self.held -= set(partitions)

    async def getmany(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Any]]:
        assert not self.held
        self.looks.append(timeout_ms)
        return {}


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
    return task


async def test_a_group_is_busy_at_first() -> None:
    fetcher, consumer = idle(FOREVER)
    await fetch(fetcher, consumer)
    assert consumer.looks == [IDLE_MS]


async def test_a_group_at_rest_fetches_nothing() -> None:
    fetcher, consumer = idle(FOREVER)
    await fetch(fetcher, consumer)
    task = await resting(fetcher, consumer)
    assert consumer.held == GIVEN
    assert len(consumer.looks) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not consumer.held


async def test_a_rest_ends_by_itself_with_one_look() -> None:
    fetcher, consumer = idle(0.001)
    for _ in range(3):
        await fetch(fetcher, consumer)
    assert consumer.looks == [IDLE_MS, LOOK_MS, LOOK_MS]


async def test_what_somebody_else_sees_ends_the_rest() -> None:
    fetcher, consumer = idle(FOREVER)
    await fetch(fetcher, consumer)
    task = await resting(fetcher, consumer)
    fetcher.expect()
    await task
    assert consumer.looks == [IDLE_MS, IDLE_MS]
    task = await resting(fetcher, consumer)  # and the next begins anew
    task.cancel()


async def test_what_is_seen_before_a_rest_keeps_it_from_beginning() -> None:
    fetcher, consumer = idle(FOREVER)
    await fetch(fetcher, consumer)
    fetcher.expect()
    await fetch(fetcher, consumer)
    assert consumer.looks == [IDLE_MS, IDLE_MS]


async def test_without_a_rest_a_group_goes_on() -> None:
    fetcher, consumer = idle(0.0)
    for _ in range(3):
        await fetch(fetcher, consumer)
    assert consumer.looks == [IDLE_MS] * 3

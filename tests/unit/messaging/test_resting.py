"""How a group rests: one short look at a time, and an end of the rest as soon as anything comes."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from shared.messaging.resting import LOOK_MS, Rest

FOREVER = 3600.0


class Consumer:
    """As much of aiokafka's as a rest touches."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self._fetcher = SimpleNamespace(
            _fetch_max_wait_ms=250, _fetcher_timeout=0.2, _proc_fetch_request=self._proc_fetch_request
        )

    async def _proc_fetch_request(self, request: str) -> bool:
        self.sent.append(request)
        return True

    def fetch(self, request: str) -> asyncio.Task[bool]:
        return asyncio.create_task(self._fetcher._proc_fetch_request(request))

    @property
    def wait_ms(self) -> int:
        return int(self._fetcher._fetch_max_wait_ms)


async def turn() -> None:
    """Let everything go on as far as it can."""
    for _ in range(10):
        await asyncio.sleep(0)


def attached(seconds: float) -> tuple[Rest, Any]:
    rest, consumer = Rest(seconds), Consumer()
    rest.attach(consumer)
    return rest, consumer


async def test_a_busy_group_fetches_at_once() -> None:
    _, consumer = attached(FOREVER)
    assert await consumer.fetch("first")
    assert consumer.wait_ms == 250


async def test_a_group_at_rest_waits_and_then_looks_once() -> None:
    rest, consumer = attached(FOREVER)
    rest.found(False)
    fetch = consumer.fetch("look")
    await turn()
    assert consumer.sent == []
    assert consumer.wait_ms == LOOK_MS
    rest.found(True)
    assert await fetch
    assert consumer.sent == ["look"]


async def test_the_rest_ends_by_itself() -> None:
    rest, consumer = attached(0.001)
    rest.found(False)
    assert await consumer.fetch("look")


async def test_what_comes_ends_the_rest_at_once() -> None:
    rest, consumer = attached(FOREVER)
    rest.found(False)
    rest.found(True)
    assert await consumer.fetch("next")
    assert consumer.wait_ms == 250


async def test_a_consumer_that_stops_ends_its_rest() -> None:
    rest, consumer = attached(FOREVER)
    rest.found(False)
    fetch = consumer.fetch("look")
    await turn()
    fetch.cancel()
    assert await fetch is False  # aiokafka waits for its fetches when it closes, and takes no cancellation
    assert consumer.sent == []


async def test_each_new_consumer_is_busy_at_first() -> None:
    rest, _ = attached(FOREVER)
    rest.found(False)
    second: Any = Consumer()
    rest.attach(second)
    rest.attach(second)
    assert await second.fetch("first")
    assert second.sent == ["first"]


async def test_without_a_rest_a_consumer_stays_as_it_is() -> None:
    rest, consumer = attached(0.0)
    rest.found(False)
    assert await consumer.fetch("first")
    assert consumer.wait_ms == 250

"""What a group takes from Kafka: batches of records, read as events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import CorruptRecordException, KafkaError

from shared.contracts.base import CloudEvent, Fact
from shared.messaging.envelope import InvalidEvent, decode, header

IDLE_MS = 1_000
"""How long a group waits for records before it looks whether it is to stop, and rests where it may."""
LONG_REST_SECONDS = 10.0
"""After so long without a record a group asks half as often."""
LOOK_SECONDS = 5.0
"""How long the broker may take to say whether anything has come, before it is fetched anyhow."""


class Unreadable(Exception):
    """A record that the client itself cannot read, such as one with a header's name that is not UTF-8.

    It would be fetched again and again, and what the client had read of other partitions is lost: a later commit would
    pass it over.
    """


class Read(NamedTuple):
    """A record, and the event in it: none where the group does not listen to its type, a fault where it is no event."""

    record: ConsumerRecord[Any, Any]
    event: CloudEvent[Any] | InvalidEvent | None


def rest_after(idle_seconds: float, rest_seconds: float) -> float:
    """The seconds of a rest, for a group that has found nothing for a while."""
    return rest_seconds if idle_seconds <= LONG_REST_SECONDS else 2 * rest_seconds


class Fetcher:
    """Takes the batches of one group.

    A group that found nothing rests, if it may: it fetches nothing, and asks now and then whether anything has come. The
    embedded broker looks again and again through every partition of a fetch that it holds. Whoever sees elsewhere that
    something waits ends the rest.
    """

    def __init__(self, facts: Mapping[str, type[Fact]], most: int, rest_seconds: float) -> None:
        """`most` records at once; a group at rest asks every `rest_seconds`, and with 0 there is no rest."""
        self._facts, self._most, self._rest_seconds = facts, most, rest_seconds
        self._idle_since: float | None = None
        self._expected = asyncio.Event()

    async def fetch(self, consumer: AIOKafkaConsumer) -> Sequence[Read]:
        """The next batch; none where there was nothing for a while. Raises `Unreadable`."""
        rests = self._idle_since is not None and self._rest_seconds > 0 and not await self._ends_rest(consumer)
        if self._rest_seconds > 0 and not rests:
            consumer.resume(*consumer.paused())
        batch = await self._read(consumer, 0 if rests else IDLE_MS)  # also at rest, so that the group counts as alive
        self._idle_since = None if batch else self._idle_since or time.monotonic()
        return batch

    def expect(self) -> None:
        """Something waits to be fetched, as whoever looked elsewhere has seen: a rest ends."""
        self._expected.set()

    async def _ends_rest(self, consumer: AIOKafkaConsumer) -> bool:
        """Fetch nothing for a while; returns whether there is something to fetch now, or something that may be."""
        consumer.pause(*consumer.assignment())
        with suppress(TimeoutError):
            async with asyncio.timeout(rest_after(self._idle_seconds(), self._rest_seconds)):
                await self._expected.wait()
        if not self._expected.is_set() and not await _has_more(consumer):
            return False
        self._expected.clear()
        return True

    def _idle_seconds(self) -> float:
        return 0.0 if self._idle_since is None else time.monotonic() - self._idle_since

    async def _read(self, consumer: AIOKafkaConsumer, wait_ms: int) -> list[Read]:
        try:
            fetched = await consumer.getmany(timeout_ms=wait_ms, max_records=self._most)
        except (ValueError, CorruptRecordException) as error:
            raise Unreadable(type(error).__name__) from error
        return [Read(record, self._event(record)) for record in chain.from_iterable(fetched.values())]

    def _event(self, record: ConsumerRecord[Any, Any]) -> CloudEvent[Any] | InvalidEvent | None:
        try:
            fact = self._facts.get(header(record.headers, "ce_type") or "")
            return None if fact is None else decode(fact, record.headers, record.value)
        except InvalidEvent as fault:
            return fault


async def _has_more(consumer: AIOKafkaConsumer) -> bool:
    """Whether a partition has more than was fetched, or the broker does not say."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            ends = await consumer.end_offsets(consumer.assignment())
            return any([end > await consumer.position(partition) for partition, end in ends.items()])
    except (KafkaError, TimeoutError):
        return True

"""What a group takes from Kafka: batches of records, read as events."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import CorruptRecordException

from shared.contracts.base import CloudEvent, Fact
from shared.messaging.envelope import InvalidEvent, decode, header

IDLE_MS = 1_000
"""How long a group waits for records before it looks whether it is to stop, and rests where it may."""
LOOK_MS = 50
"""How long a group that rests waits for the answer to a look. One that comes later is there at the next look."""


class Unreadable(Exception):
    """A record that the client itself cannot read, such as one with a header's name that is not UTF-8.

    It would be fetched again and again, and what the client had read of other partitions is lost: a later commit would
    pass it over.
    """


class Read(NamedTuple):
    """A record, and the event in it: none where the group does not listen to its type, a fault where it is no event."""

    record: ConsumerRecord[Any, Any]
    event: CloudEvent[Any] | InvalidEvent | None


class Fetcher:
    """Takes the batches of one group.

    A group that found nothing rests for a while and then looks once, if it may: the embedded broker looks again and again
    through every partition of a fetch that it holds. Whoever sees elsewhere that something waits ends the rest.
    """

    def __init__(self, facts: Mapping[str, type[Fact]], most: int, rest_seconds: float) -> None:
        """`most` records at once; `rest_seconds` between the looks of a group that finds nothing, 0 for no rest."""
        self._facts, self._most, self._rest_seconds = facts, most, rest_seconds
        self._idle = False
        self._expected = asyncio.Event()

    async def fetch(self, consumer: AIOKafkaConsumer) -> Sequence[Read]:
        """The next batch; none where there was nothing for a while. Raises `Unreadable`."""
        rests = self._idle and self._rest_seconds > 0
        surprised = rests and await self._rest(consumer)
        batch = await self._read(consumer, LOOK_MS if rests and not surprised else IDLE_MS)
        self._idle = not batch
        return batch

    def expect(self) -> None:
        """Something waits to be fetched, as whoever looked elsewhere has seen: a rest ends."""
        self._expected.set()

    async def _rest(self, consumer: AIOKafkaConsumer) -> bool:
        """Fetch nothing for a while; returns whether something was expected meanwhile."""
        consumer.pause(*consumer.assignment())
        try:
            async with asyncio.timeout(self._rest_seconds):
                await self._expected.wait()
        except TimeoutError:
            return False
        finally:
            consumer.resume(*consumer.paused())
        self._expected.clear()
        return True

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

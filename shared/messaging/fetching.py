"""What a group takes from Kafka: batches of records, read as events.

A group that finds nothing rests, where its broker holds empty fetches dearly. A group that writes in bulk reads the batch
behind the present one while the database stores that: it would only wait meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import ConsumerStoppedError, CorruptRecordException, KafkaError

from shared.contracts.base import CloudEvent, Fact
from shared.messaging.envelope import InvalidEvent, decode, header

IDLE_MS = 1_000
"""How long a group waits for records before it looks whether it is to stop, or rests."""
AT_ONCE = 100
"""Records that are read before others have their turn: about a millisecond."""


class Unreadable(Exception):
    """A record that the client itself cannot read, such as one with a header's name that is not UTF-8.

    It would be fetched again and again, and what the client had read of other partitions is lost: a later commit would
    pass it over.
    """


@dataclass(frozen=True, slots=True)
class Read:
    """A record, and the event in it: none where the group does not listen to its type, a fault where it is no event."""

    record: ConsumerRecord[Any, Any]
    event: CloudEvent[Any] | InvalidEvent | None


class Fetcher:
    """Takes the batches of one group."""

    def __init__(self, facts: Mapping[str, type[Fact]], most: int, wait_ms: int, rest_seconds: float) -> None:
        """`most` records at once; `wait_ms` for a look between rests of `rest_seconds`, which may be 0."""
        self._facts, self._most, self._wait_ms, self._rest_seconds = facts, most, wait_ms, rest_seconds
        self._resting = False
        self._ahead: Sequence[Read] = ()
        self._fault: Unreadable | None = None
        self._consumer: AIOKafkaConsumer | None = None

    async def fetch(self, consumer: AIOKafkaConsumer) -> Sequence[Read]:
        """The next batch; none where there was nothing for a while. Raises `Unreadable`."""
        self._consumer = consumer
        if self._fault:
            raise self._fault
        if self._ahead:
            batch, self._ahead = self._ahead, ()
            return batch
        batch = await self._read(consumer, self._wait_ms if self._resting else IDLE_MS)
        self._resting = not batch and self._rest_seconds > 0
        if self._resting:
            await self._rest(consumer)
        return batch

    async def beside(self, work: Awaitable[None]) -> None:
        """Do the work on the batch that came last, and read meanwhile what the client has fetched already."""
        reading = asyncio.create_task(self._read_ahead())
        try:
            await work
        finally:
            await reading

    async def _read_ahead(self) -> None:
        try:
            self._ahead = await self._read(self._consumer, wait_ms=0)
        except Unreadable as fault:
            self._fault = fault  # the work goes on, and is committed; nothing is fetched after it
        except (KafkaError, ConsumerStoppedError):
            pass  # the next fetch meets it

    async def _read(self, consumer: AIOKafkaConsumer, wait_ms: int) -> Sequence[Read]:
        try:
            fetched = await consumer.getmany(timeout_ms=wait_ms, max_records=self._most)
        except (ValueError, CorruptRecordException) as error:
            raise Unreadable(type(error).__name__) from error
        batch: list[Read] = []
        for number, record in enumerate(chain.from_iterable(fetched.values()), 1):
            batch.append(Read(record, self._event(record)))
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        return batch

    def _event(self, record: ConsumerRecord[Any, Any]) -> CloudEvent[Any] | InvalidEvent | None:
        try:
            fact = self._facts.get(header(record.headers, "ce_type") or "")
            return None if fact is None else decode(fact, record.headers, record.value)
        except InvalidEvent as fault:
            return fault

    async def _rest(self, consumer: AIOKafkaConsumer) -> None:
        """Fetch nothing for a while."""
        partitions = consumer.assignment()
        consumer.pause(*partitions)
        await asyncio.sleep(self._rest_seconds)
        consumer.resume(*(partitions & consumer.assignment()))  # some may have gone to another process meanwhile

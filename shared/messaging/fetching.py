"""What a group takes from Kafka: batches of records, read as events.

A group that finds nothing rests, where its broker holds empty fetches dearly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import CorruptRecordException

from shared.contracts.base import CloudEvent, Fact
from shared.messaging.envelope import InvalidEvent, decode, header

IDLE_MS = 1_000
"""How long a group waits for records before it looks whether it is to stop, or rests."""


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

    async def fetch(self, consumer: AIOKafkaConsumer) -> Sequence[Read]:
        """The next batch; none where there was nothing for a while. Raises `Unreadable`."""
        batch = await self._read(consumer, self._wait_ms if self._resting else IDLE_MS)
        self._resting = not batch and self._rest_seconds > 0
        if self._resting:
            await self._rest(consumer)
        return batch

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

    async def _rest(self, consumer: AIOKafkaConsumer) -> None:
        """Fetch nothing for a while."""
        partitions = consumer.assignment()
        consumer.pause(*partitions)
        await asyncio.sleep(self._rest_seconds)
        consumer.resume(*(partitions & consumer.assignment()))  # some may have gone to another process meanwhile

"""What a group takes from Kafka: batches of records, read as events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import CorruptRecordException

from shared.contracts.base import CloudEvent, Fact
from shared.messaging.envelope import InvalidEvent, decode, header
from shared.messaging.resting import Rest

IDLE_MS = 1_000
"""How long a group waits for records before it looks whether it is to stop, and rests where it may."""


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

    def __init__(self, facts: Mapping[str, type[Fact]], most: int, rest_seconds: float) -> None:
        """`most` records at once; a group that finds nothing rests for `rest_seconds`, which may be 0, between its looks."""
        self._facts, self._most = facts, most
        self._rest = Rest(rest_seconds)

    async def fetch(self, consumer: AIOKafkaConsumer) -> Sequence[Read]:
        """The next batch; none where there was nothing for a while. Raises `Unreadable`."""
        self._rest.attach(consumer)
        batch = await self._read(consumer)
        self._rest.found(bool(batch))
        return batch

    async def _read(self, consumer: AIOKafkaConsumer) -> list[Read]:
        try:
            fetched = await consumer.getmany(timeout_ms=IDLE_MS, max_records=self._most)
        except (ValueError, CorruptRecordException) as error:
            raise Unreadable(type(error).__name__) from error
        return [Read(record, self._event(record)) for record in chain.from_iterable(fetched.values())]

    def _event(self, record: ConsumerRecord[Any, Any]) -> CloudEvent[Any] | InvalidEvent | None:
        try:
            fact = self._facts.get(header(record.headers, "ce_type") or "")
            return None if fact is None else decode(fact, record.headers, record.value)
        except InvalidEvent as fault:
            return fault

"""The accepted part of a push: as records that are ready to be published, and packed to be kept."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec
import zstandard
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.contracts import catalogue
from shared.messaging.broker import SEND_SECONDS
from shared.messaging.envelope import headers_of

StoredEvent = tuple[str, str, str, dt.datetime, bytes]
"""Type, Kafka key, CloudEvents id and time, and the sealed data as JSON."""

GIVE_UP_SECONDS: Final = SEND_SECONDS + 5
"""Longer than the producer itself tries, so that it has given a batch up before the sweep takes it."""

SLICE: Final = 500
"""Events checked or made ready before others get a turn: about five milliseconds."""

_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(list[StoredEvent])


def pack(values: Any) -> bytes:
    """A value as compressed MessagePack."""
    return zstandard.compress(_encoder.encode(values), 1)


def unpack_records(packed: bytes) -> list[StoredEvent]:
    return _decoder.decode(zstandard.decompress(packed))


@lru_cache(maxsize=32_768)
def _spot(key: str) -> int:
    # the hash of Kafka's own partitioner, which is slow in Python: workers come again and again
    return int(murmur2(key.encode())) & 0x7FFFFFFF


async def publish(
    producer: AIOKafkaProducer, source: str, traceparent: str | None, records: Sequence[StoredEvent]
) -> None:
    """Publish the records of one push and return when the broker has them all; raises its error or TimeoutError.

    Whole record batches are built here and handed over, one for each partition: half the work of sending one by one.
    Records of one key go out in their order.
    """
    topics = {type_name: catalogue[type_name].TOPIC.name for type_name in {record[0] for record in records}}
    async with asyncio.timeout(GIVE_UP_SECONDS):
        counts = {topic: len(await producer.partitions_for(topic)) for topic in set(topics.values())}
        batches: dict[tuple[str, int], list[BatchBuilder]] = {}
        for number, (type_name, key, event_id, time, value) in enumerate(records, 1):
            if number % SLICE == 0:
                await asyncio.sleep(0)
            topic = topics[type_name]
            place = (topic, _spot(key) % counts[topic])
            builders = batches.get(place)
            if builders is None:
                builders = batches[place] = [producer.create_batch()]
            headers = headers_of(event_id, source, type_name, time, traceparent)
            key_bytes = key.encode()
            if builders[-1].append(timestamp=None, key=key_bytes, value=value, headers=headers) is None:
                builders.append(producer.create_batch())
                builders[-1].append(timestamp=None, key=key_bytes, value=value, headers=headers)
        sent = [_send(producer, builders, *place) for place, builders in batches.items()]
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
    for outcome in outcomes:
        if outcome is not None:
            raise outcome


async def _send(producer: AIOKafkaProducer, builders: Sequence[BatchBuilder], topic: str, partition: int) -> None:
    for builder in builders:
        builder.close()
        await (await producer.send_batch(builder, topic, partition=partition))

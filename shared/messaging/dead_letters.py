"""Dead letters: what a group can never take, kept on `<group>.dead` with the reason, listed, shown and sent again."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from shared import clock
from shared.ids import new_id
from shared.messaging.broker import Record, connection, dead_topic, publish
from shared.messaging.envelope import header
from shared.settings import KafkaSettings
from shared.storage.client import storage

READ_SECONDS = 30.0
LIST_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that was put aside: where it came from, why, and the record itself."""

    id: str
    group: str
    reason: str
    topic: str
    partition: int
    offset: int
    buried_at: dt.datetime
    key: bytes | None
    value: bytes
    headers: list[tuple[str, bytes]]

    @property
    def type(self) -> str:
        return header(self.headers, "ce_type") or ""


async def dead_letter(producer: AIOKafkaProducer, group: str, record: ConsumerRecord[Any, Any], reason: str) -> None:
    """Put a record aside; returns when the broker has it."""
    headers = [
        *record.headers,
        ("dead_id", new_id().encode()),
        ("dead_reason", reason.encode()),
        ("dead_topic", record.topic.encode()),
        ("dead_partition", str(record.partition).encode()),
        ("dead_offset", str(record.offset).encode()),
        ("dead_at", clock.now().isoformat().encode()),
    ]
    await publish(producer, [Record(dead_topic(group).name, record.key, record.value or b"", headers)])


async def read(kafka: KafkaSettings, groups: Sequence[str]) -> list[DeadLetter]:
    """The dead letters of these groups that were not sent again, the oldest first."""
    names = [dead_topic(group).name for group in groups]
    consumer = AIOKafkaConsumer(**connection(kafka), enable_auto_commit=False, fetch_max_wait_ms=100)
    letters: list[DeadLetter] = []
    async with asyncio.timeout(READ_SECONDS):
        await consumer.start()
        try:
            partitions = [TopicPartition(name, 0) for name in names]
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
            ends = await consumer.end_offsets(partitions)
            while any([await consumer.position(p) < ends[p] for p in partitions]) and len(letters) < LIST_LIMIT:
                batch = await consumer.getmany(timeout_ms=200)
                letters.extend(_letter(record) for records in batch.values() for record in records)
        finally:
            await consumer.stop()
    resent = storage().collection("resent")
    gone = {row["_id"] for row in await resent.find({}).to_list(None)}
    return sorted((letter for letter in letters if letter.id not in gone), key=lambda letter: letter.id)


def _letter(record: ConsumerRecord[Any, Any]) -> DeadLetter:
    def text(name: str) -> str:
        return header(record.headers, name) or ""

    return DeadLetter(
        id=text("dead_id"),
        group=record.topic.removesuffix(".dead"),
        reason=text("dead_reason"),
        topic=text("dead_topic"),
        partition=int(text("dead_partition")),
        offset=int(text("dead_offset")),
        buried_at=dt.datetime.fromisoformat(text("dead_at")),
        key=record.key,
        value=record.value or b"",
        headers=[pair for pair in record.headers if not pair[0].startswith("dead_")],
    )


async def send_again(producer: AIOKafkaProducer, letter: DeadLetter) -> None:
    """Publish a dead letter on its own topic once more. Groups that have had the event take no notice."""
    await publish(producer, [Record(letter.topic, letter.key, letter.value, letter.headers)])
    await storage().collection("resent").insert_one({"_id": letter.id, "at": clock.now()})

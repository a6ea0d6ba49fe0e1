"""A record that the Kafka client itself cannot read stops its group, which says so and loses nothing."""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.util import calc_crc32c

from shared import clock
from shared.contracts.base import CloudEvent, Fact, Id, Topic
from shared.ids import new_id
from shared.messaging.broker import create_topics
from shared.messaging.consuming import consumes
from shared.messaging.envelope import headers_of
from shared.service import Service
from shared.settings import KafkaSettings
from shared.storage.transaction import Transaction
from tests.harness import METRICS_TOKEN, eventually, running

GROUP = "unreadable.reading"
BATCH_AT, CRC_AT = 21, 17
"""Where a record batch has what its checksum is of, and the checksum."""


class Note(Fact, frozen=True, kw_only=True):
    name: Id


Note.TYPE, Note.TOPIC, Note.KEY = "cn.deyang.test.note.said.v1", Topic("test.note", partitions=2), ("name",)
heard: list[str] = []


@consumes(Note, group=GROUP)
async def on_note(event: CloudEvent[Note], tx: Transaction) -> None:
    heard.append(event.data.name)


SERVICE = Service("unreadable", title="样例", description="", documents=[], routers=[], modules=[sys.modules[__name__]])


class Unreadable(BatchBuilder):  # type: ignore[misc]  # aiokafka has no types
    """Records whose header `?????` has a name that is not UTF-8."""

    def _build(self) -> Any:
        data = bytearray(bytes(super()._build()).replace(b"?????", b"\xff\xfe\xff\xfe\xff"))
        struct.pack_into(">I", data, CRC_AT, calc_crc32c(bytes(data[BATCH_AT:])))
        return data


async def send(producer: AIOKafkaProducer, partition: int, name: str) -> None:
    headers = headers_of(new_id(), "/services/test", Note.TYPE, clock.now())
    value = b'{"name": "%s"}' % name.encode()
    await producer.send_and_wait(Note.TOPIC.name, value, partition=partition, headers=headers)


async def send_unreadable(producer: AIOKafkaProducer, partition: int) -> None:
    batch = Unreadable(10_000, 0)
    batch.append(timestamp=None, key=b"k", value=b"v", headers=[("?????", b"")])
    batch.close()
    await (await producer.send_batch(batch, Note.TOPIC.name, partition=partition))


async def committed(bootstrap: str) -> list[int]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=GROUP, enable_auto_commit=False)
    await consumer.start()
    try:
        return [await consumer.committed(TopicPartition(Note.TOPIC.name, number)) or 0 for number in range(2)]
    finally:
        await consumer.stop()


async def test_a_header_name_that_is_no_text_stops_the_group(
    mongo_uri: str, kafka_bootstrap: str, module_directory: Path
) -> None:
    """Nothing behind it is passed over."""
    await create_topics(KafkaSettings(kafka_bootstrap), [Note.TOPIC])
    async with running(SERVICE, mongo_uri, kafka_bootstrap, module_directory) as service:
        producer, group = service.running.producer, service.process.groups[0]
        await send(producer, 0, "before")

        async def read() -> bool:
            return heard == ["before"]

        await eventually(read)
        await service.settled()
        await send_unreadable(producer, 0)
        for number in range(20):
            await send(producer, number % 2, f"behind-{number}")

        async def stopped() -> str | None:
            return group.stopped

        assert "cannot be read" in await eventually(stopped)
        ready = await service.http.get("/readyz")
        assert ready.json()["stopped"] == [GROUP]
        shown = await service.http.get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
        assert f'xindun_consumer_stopped{{group="{GROUP}"}} 1.0' in shown.text
    of_the_other = [name for name in heard if name != "before"]
    assert await committed(kafka_bootstrap) == [1, len(of_the_other)]
    assert of_the_other == [f"behind-{number}" for number in range(1, 20, 2)][: len(of_the_other)]

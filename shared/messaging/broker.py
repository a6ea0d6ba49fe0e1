"""The way to Kafka: FastStream's broker for what is consumed, aiokafka's producer for what is published."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code
from faststream.kafka import KafkaBroker
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from shared.contracts.base import Topic
from shared.messaging.envelope import Headers
from shared.retention import DEAD_LETTER_DAYS
from shared.settings import KafkaSettings

MAX_REQUEST_BYTES = 4 * 1024 * 1024
SEND_SECONDS = 20.0
METADATA_SECONDS = 15
"""How soon a client sees topics and brokers that have come or gone, at the latest."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record to be published."""

    topic: str
    key: bytes | None
    value: bytes
    headers: Headers


def connection(kafka: KafkaSettings) -> dict[str, Any]:
    """The arguments by which aiokafka's clients connect."""
    return {
        "bootstrap_servers": kafka.bootstrap,
        "security_protocol": kafka.security,
        "ssl_context": _tls(kafka),
        "sasl_mechanism": kafka.mechanism or "PLAIN",
        "sasl_plain_username": kafka.username,
        "sasl_plain_password": kafka.password,
    }


def _tls(kafka: KafkaSettings) -> ssl.SSLContext | None:
    return ssl.create_default_context(cafile=kafka.tls_ca) if kafka.security.endswith("SSL") else None


def _security(kafka: KafkaSettings) -> BaseSecurity:
    """The same for FastStream."""
    sign_in = {"PLAIN": SASLPlaintext, "SCRAM-SHA-256": SASLScram256, "SCRAM-SHA-512": SASLScram512}
    if kafka.mechanism is None:
        return BaseSecurity(_tls(kafka))
    return sign_in[kafka.mechanism](kafka.username or "", kafka.password or "", _tls(kafka))


def make_broker(kafka: KafkaSettings) -> KafkaBroker:
    return KafkaBroker(
        kafka.bootstrap,
        security=_security(kafka),
        consumer_only=True,
        logger=None,
        apply_types=False,
        graceful_timeout=10.0,
        metadata_max_age_ms=METADATA_SECONDS * 1000,
    )


def make_producer(kafka: KafkaSettings) -> AIOKafkaProducer:
    """A producer that waits for every replica. Must be made inside the running event loop."""
    return AIOKafkaProducer(
        **connection(kafka),
        acks="all",
        enable_idempotence=kafka.idempotent,
        request_timeout_ms=int(SEND_SECONDS * 1000),
        metadata_max_age_ms=METADATA_SECONDS * 1000,
        max_batch_size=512 * 1024,
        max_request_size=MAX_REQUEST_BYTES,
        linger_ms=1,
    )


async def publish(producer: AIOKafkaProducer, records: Sequence[Record]) -> None:
    """Send records and wait until the broker has taken them all; raises its error or `TimeoutError` otherwise.

    Records of one key go out in the order given.
    """
    async with asyncio.timeout(SEND_SECONDS):
        sent = [
            await producer.send(record.topic, record.value, key=record.key, headers=record.headers)
            for record in records
        ]
        await asyncio.gather(*sent)


def dead_topic(group: str) -> Topic:
    """Where a consumer group puts what it can never take."""
    return Topic(f"{group}.dead", partitions=1, retention_days=DEAD_LETTER_DAYS)


async def create_topics(kafka: KafkaSettings, topics: Sequence[Topic]) -> None:
    """Create the topics that do not exist yet, as they are declared."""
    admin = AIOKafkaAdminClient(**connection(kafka), request_timeout_ms=20_000)
    await admin.start()
    try:
        existing = set(await admin.list_topics())
        missing = [topic for topic in topics if topic.name not in existing]
        if not missing:
            return
        response = await admin.create_topics([new_topic(topic, kafka) for topic in missing])
        for name, code, *_ in response.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error(f"topic {name}")
    finally:
        await admin.close()


def new_topic(topic: Topic, kafka: KafkaSettings) -> NewTopic:
    """The topic with its replicas. From three on, a record counts as taken when one more than its leader has it."""
    configs = {
        "retention.ms": str(topic.retention_days * 24 * 3600 * 1000),
        "cleanup.policy": "compact" if topic.compacted else "delete",
    }
    if kafka.replication >= 3:
        configs["min.insync.replicas"] = "2"
    partitions = min(topic.partitions, kafka.most_partitions or topic.partitions)
    return NewTopic(topic.name, partitions, kafka.replication, topic_configs=configs)

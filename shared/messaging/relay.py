"""The relay: takes facts from the outbox to Kafka, in order per key, and marks them.

One relay runs per service, by a lease. It publishes before it marks: a crash between the two publishes again, which
consumers take as the same event by its id. Rows are read in the order of their ids, which are made at the very end of a
transaction; two changes of one document cannot overlap, so that its facts lie in the order of its changes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer

from shared import clock, faults
from shared.messaging.broker import Record, publish
from shared.messaging.envelope import headers_of
from shared.storage import wakeup
from shared.storage.client import Row, storage
from shared.storage.leases import Lease
from shared.telemetry import metrics

log = structlog.get_logger(__name__)

BATCH = 500
MARK = 50
"""Rows marked with one statement: the embedded database takes long lists of ids slowly."""
LOOK_SECONDS = 0.5


def record_of(row: Row) -> Record:
    """An outbox row as the record that it becomes."""
    return Record(
        topic=row["topic"],
        key=row["key"].encode(),
        value=bytes(row["data"]),
        headers=headers_of(row["_id"], row["source"], row["type"], row["time"], row["traceparent"]),
    )


async def publish_pending(producer: AIOKafkaProducer, limit: int = BATCH) -> int:
    """Publish and mark what waits, the oldest first; says how many there were."""
    outbox = storage().collection("outbox")
    rows: list[dict[str, Any]] = await outbox.find({"pending": True}).sort("_id", 1).limit(limit).to_list(None)
    if not rows:
        return 0
    await publish(producer, [record_of(row) for row in rows])
    faults.reach("relay.published")
    published = {"$set": {"published_at": clock.now()}, "$unset": {"pending": ""}}
    for first in range(0, len(rows), MARK):
        await outbox.update_many({"_id": {"$in": [row["_id"] for row in rows[first : first + MARK]]}}, published)
    metrics.PUBLISHED.inc(len(rows))
    return len(rows)


async def run(producer: AIOKafkaProducer, restore_topics: Callable[[], Awaitable[None]]) -> None:
    """Publish for as long as this process holds the lease; wait for it otherwise. Ends by cancellation.

    `restore_topics` is called after a fault, before the next try: a broker that lost its disk has lost its topics too.
    """
    lease = Lease("relay")
    try:
        while True:
            try:
                if lease.due and not await lease.renew():
                    await asyncio.sleep(lease.seconds / 4)
                    continue
                if await publish_pending(producer) == 0:
                    await wakeup.wait("relay", LOOK_SECONDS)
            except Exception as error:  # the database or the broker is away: the rows wait
                log.warning("relay.waiting", reason=type(error).__name__)
                await asyncio.sleep(1.0)
                with contextlib.suppress(Exception):
                    await restore_topics()
    finally:
        async with asyncio.timeout(2):
            await lease.release()


async def pending_count() -> int:
    return await storage().collection("outbox").count_documents({"pending": True})

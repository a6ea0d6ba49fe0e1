"""The relay: takes facts from the outbox to Kafka, in order per key, and marks them.

One relay runs per service, by a lease. It publishes before it marks: a crash between the two publishes again, which
consumers take as the same event by its id. Rows are read in the order of their ids, which are made at the very end of a
transaction; two changes of one document cannot overlap, so that its facts lie in the order of its changes.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from itertools import islice

import structlog
from aiokafka import AIOKafkaProducer

from shared import clock, faults
from shared.ids import made_at
from shared.messaging.broker import Record, publish
from shared.messaging.envelope import headers_of
from shared.storage import wakeup
from shared.storage.client import Row, storage
from shared.storage.leases import Lease
from shared.telemetry import metrics

log = structlog.get_logger(__name__)

BATCH = 500
MARK_SECONDS = 0.2
"""How long a published row may wait for its mark."""
MARK = 50
"""Rows marked with one statement: the embedded database takes long lists of ids slowly."""
COUNTED = 100_000
"""Waiting facts that a measurement counts at most."""
GATHER_SECONDS = 0.005
"""How long what has just been stored waits for more, to be read with it."""


def record_of(row: Row) -> Record:
    """An outbox row as the record that it becomes."""
    return Record(
        topic=row["topic"],
        key=row["key"].encode(),
        value=bytes(row["data"]),
        headers=headers_of(row["_id"], row["source"], row["type"], row["time"], row["traceparent"]),
    )


class Relay:
    """Publishes what waits. Rows are marked a little later, many at once: a crash before publishes them again."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self.producer = producer
        self.unmarked: dict[str, None] = {}
        self.mark_at = 0.0

    async def publish(self) -> int:
        """Publish what waits, the oldest first; says how many there were."""
        outbox = storage().collection("outbox")
        found = outbox.find({"pending": True}).sort("_id", 1).limit(BATCH + len(self.unmarked))
        rows = [row for row in await found.to_list(None) if row["_id"] not in self.unmarked]
        if rows:
            await publish(self.producer, [record_of(row) for row in rows])
            faults.reach("relay.published")
            if not self.unmarked:
                self.mark_at = time.monotonic() + MARK_SECONDS
            self.unmarked |= dict.fromkeys(row["_id"] for row in rows)
            for row in rows:
                metrics.FACTS.labels(row["type"]).inc()
        return len(rows)

    async def mark(self) -> None:
        """Mark what was published."""
        done = {"$set": {"published_at": clock.now()}, "$unset": {"pending": ""}}
        while self.unmarked:
            ids = list(islice(self.unmarked, MARK))
            await storage().collection("outbox").update_many({"_id": {"$in": ids}}, done)
            for row_id in ids:
                del self.unmarked[row_id]

    async def turn(self, look_seconds: float) -> None:
        """Publish, mark what is due to be marked, and wait for more."""
        count = await self.publish()
        if self.unmarked and (len(self.unmarked) >= MARK or time.monotonic() >= self.mark_at):
            await self.mark()
        if count < BATCH:
            await wakeup.wait("relay", MARK_SECONDS if self.unmarked else look_seconds)
            await asyncio.sleep(GATHER_SECONDS)


async def run(producer: AIOKafkaProducer, restore_topics: Callable[[], Awaitable[None]], look_seconds: float) -> None:
    """Publish for as long as this process holds the lease; wait for it otherwise. Ends by cancellation.

    `restore_topics` is called after a fault, before the next try: a broker that lost its disk has lost its topics too.
    """
    lease, relay = Lease("relay"), Relay(producer)
    try:
        while True:
            try:
                if lease.due and not await lease.renew():
                    relay.unmarked.clear()  # another relay has them by now
                    await asyncio.sleep(lease.seconds / 4)
                    continue
                await relay.turn(look_seconds)
            except Exception as error:  # the database or the broker is away: the rows wait
                log.warning("relay.waiting", reason=type(error).__name__)
                await asyncio.sleep(1.0)
                with contextlib.suppress(Exception):
                    await restore_topics()
    finally:
        with contextlib.suppress(Exception):
            async with asyncio.timeout(2):
                if lease.held:
                    await relay.mark()
                await lease.release()


async def pending_count() -> int:
    return await storage().collection("outbox").count_documents({"pending": True})


async def measure() -> None:
    """Measure what waits: how many facts, of very many only so many as can be counted at once, and since when the oldest."""
    outbox = storage().collection("outbox")
    metrics.OUTBOX_PENDING.set(await outbox.count_documents({"pending": True}, limit=COUNTED))
    oldest = await outbox.find({"pending": True}, {"_id": 1}).sort("_id", 1).limit(1).to_list(1)
    waited = (clock.now() - made_at(oldest[0]["_id"])).total_seconds() if oldest else 0.0
    metrics.OUTBOX_OLDEST.set(max(0.0, waited))

"""Pushed batches in the database: stored, marked as published, and published after a fault or for replay."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import structlog
import zstandard
from aiokafka import AIOKafkaProducer
from pymongo.errors import OperationFailure, PyMongoError, ServerSelectionTimeoutError, WriteConcernError
from pymongo.write_concern import WriteConcern

from services.registry.batches.documents import Batch
from services.registry.batches.records import GIVE_UP_SECONDS, StoredEvent, pack, publish, unpack_records
from shared import clock
from shared.contracts import catalogue
from shared.contracts.platform import platform_source
from shared.running import Running
from shared.storage.client import Row, collection_of
from shared.storage.leases import Lease

log = structlog.get_logger(__name__)

HELD_SECONDS: Final = GIVE_UP_SECONDS * 2
"""A batch that has been held for longer is not being published any more: its process died, or the broker was away."""

LOOK_SECONDS: Final = 5.0
LEASE_SECONDS: Final = 30.0
"""Short, so that a sweep that died is soon followed by another; two at once would only publish the same twice."""
AT_ONCE: Final = 20


class Rejection(msgspec.Struct, frozen=True):
    """One event of a push that was refused. `index` counts from 0."""

    index: int
    id: str | None
    type: str | None
    detail: str


def _batches() -> Any:  # the driver's collection, whose type is for shared.storage alone to know
    return collection_of(Batch).with_options(write_concern=WriteConcern("majority", wtimeout=10_000))


async def store(
    receipt: str, platform: str, traceparent: str | None, records: Sequence[StoredEvent], rejected: Sequence[Rejection]
) -> None:
    """Store a push under its receipt. It counts as held until it is marked."""
    row: dict[str, Any] = {
        "_id": receipt,
        "platform": platform,
        "traceparent": traceparent,
        "accepted": len(records),
        "rejected": len(rejected),
        "records": await asyncio.to_thread(pack, records),
        "rejections": await asyncio.to_thread(pack, rejected),
        "created_at": clock.now(),
    }
    if records:
        row["held"] = True
    await _batches().insert_one(row)


def was_surely_not_stored(error: PyMongoError) -> bool:
    """Whether `store` failed so that nothing was stored: no server was found, or it refused. A lost answer leaves it open."""
    if isinstance(error, WriteConcernError):
        return False
    return isinstance(error, ServerSelectionTimeoutError | OperationFailure)


async def mark_published(receipt: str) -> None:
    await _batches().update_one({"_id": receipt}, {"$unset": {"held": ""}})


async def find(receipt: str) -> tuple[Row, list[Rejection]] | None:
    row = await _batches().find_one({"_id": receipt}, {"records": 0})
    if row is None:
        return None
    return row, msgspec.msgpack.decode(zstandard.decompress(row["rejections"]), type=list[Rejection])


async def held_count() -> dict[str, int]:
    """Batches that are kept and not published yet."""
    return {"batches": await _batches().count_documents({"held": True})}


async def publish_held(producer: AIOKafkaProducer, older_than: dt.datetime) -> int:
    """Publish the batches held since before a time, the oldest first; says how many."""
    rows = await _batches().find({"held": True}).sort("_id", 1).limit(AT_ONCE).to_list(None)
    overdue = [row for row in rows if row["created_at"] < older_than]
    for row in overdue:
        await _publish(producer, row, await asyncio.to_thread(unpack_records, row["records"]))
        await mark_published(row["_id"])
        log.info("gateway.swept", receipt=row["_id"], events=row["accepted"])
    return len(overdue)


async def sweep(running: Running) -> None:
    """Publish what was kept and, after a crash, not published. One process does so at a time; ends by cancellation."""
    lease = Lease("gateway.sweep", seconds=LEASE_SECONDS)
    try:
        while True:
            try:
                if await lease.renew():
                    await publish_held(running.producer, clock.now() - dt.timedelta(seconds=HELD_SECONDS))
            except Exception as error:  # the database or the broker is away: what is held stays held
                log.warning("gateway.sweep_waits", reason=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        async with asyncio.timeout(2):
            await lease.release()


async def republish(producer: AIOKafkaProducer, since: dt.datetime | None, topic: str | None) -> int:
    """Publish kept batches again, those kept since a time (all: None) and of one topic if it is named; counts events."""
    wanted: Row = {"held": None} if since is None else {"held": None, "created_at": {"$gte": since}}
    count, last = 0, ""
    while True:
        rows = await _batches().find({**wanted, "_id": {"$gt": last}}).sort("_id", 1).limit(AT_ONCE).to_list(None)
        if not rows:
            return count
        for row in rows:
            records = await asyncio.to_thread(unpack_records, row["records"])
            if topic is not None:
                records = [record for record in records if catalogue[record[0]].TOPIC.name == topic]
            await _publish(producer, row, records)
            count += len(records)
        last = rows[-1]["_id"]


async def _publish(producer: AIOKafkaProducer, row: Row, records: Sequence[StoredEvent]) -> None:
    await publish(producer, platform_source(row["platform"]), row["traceparent"], records)

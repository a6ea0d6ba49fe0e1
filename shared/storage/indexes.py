"""Indexes of the collections that the chassis itself keeps in every service's database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import ASCENDING, IndexModel

from shared.retention import EVENT_DAYS, MARK_DAYS

DAY_SECONDS = 24 * 3600

KEEP_SECONDS = EVENT_DAYS * DAY_SECONDS
"""How long published outbox rows are kept, in seconds: as long as topics keep events."""

MARK_SECONDS = MARK_DAYS * DAY_SECONDS
"""How long the marks of consumed events are kept, in seconds: as long as any of them can be sent again."""

IDEMPOTENCY_SECONDS = DAY_SECONDS
"""How long the answer to an idempotent request is kept, in seconds."""

INDEXES: dict[str, list[IndexModel]] = {
    "outbox": [
        IndexModel([("pending", ASCENDING), ("_id", ASCENDING)], partialFilterExpression={"pending": True}),
        IndexModel([("published_at", ASCENDING)], expireAfterSeconds=KEEP_SECONDS),
    ],
    "inbox": [IndexModel([("at", ASCENDING)], expireAfterSeconds=MARK_SECONDS)],
    "timers": [IndexModel([("due_at", ASCENDING)])],
    "idempotency": [IndexModel([("at", ASCENDING)], expireAfterSeconds=IDEMPOTENCY_SECONDS)],
}


async def create_chassis_indexes(database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
    for name, indexes in INDEXES.items():
        collection = database[name]
        await _set_lifetimes(collection, indexes)
        await collection.create_indexes(indexes)


async def _set_lifetimes(collection: AsyncIOMotorCollection[dict[str, Any]], indexes: Sequence[IndexModel]) -> None:
    """Give indexes that are there, and keep their rows for another time, the time that holds now."""
    known = await collection.index_information()
    for index in indexes:
        name, seconds = index.document["name"], index.document.get("expireAfterSeconds")
        if name in known and known[name].get("expireAfterSeconds") != seconds:
            change = {"name": name, "expireAfterSeconds": seconds}
            await collection.database.command("collMod", collection.name, index=change)

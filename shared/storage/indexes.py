"""Indexes of the collections that the chassis itself keeps in every service's database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pymongo import ASCENDING, IndexModel

if TYPE_CHECKING:
    from shared.storage.client import Storage

KEEP_SECONDS = 90 * 24 * 3600
"""How long published outbox rows and the marks of consumed events are kept, in seconds: as long as topics keep events."""

IDEMPOTENCY_SECONDS = 24 * 3600
"""How long the answer to an idempotent request is kept, in seconds."""

INDEXES: dict[str, list[IndexModel]] = {
    "outbox": [
        IndexModel([("pending", ASCENDING), ("_id", ASCENDING)], partialFilterExpression={"pending": True}),
        IndexModel([("published_at", ASCENDING)], expireAfterSeconds=KEEP_SECONDS),
    ],
    "inbox": [IndexModel([("at", ASCENDING)], expireAfterSeconds=KEEP_SECONDS)],
    "timers": [IndexModel([("due_at", ASCENDING)])],
    "idempotency": [IndexModel([("at", ASCENDING)], expireAfterSeconds=IDEMPOTENCY_SECONDS)],
}


async def create_chassis_indexes(storage: Storage) -> None:
    for name, indexes in INDEXES.items():
        await storage.collection(name).create_indexes(indexes)

"""Indexes: those of the collections that the chassis itself keeps in every service's database, and how a database gets them.

MongoDB builds an index while the collection is read and written (from 4.2 on, only its begin and its end hold a lock).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from beanie import Document
from motor.motor_asyncio import AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import ASCENDING, IndexModel

from shared.retention import DEAD_LETTER_DAYS, EVENT_DAYS, MARK_DAYS

DAY_SECONDS = 24 * 3600

KEEP_SECONDS = EVENT_DAYS * DAY_SECONDS
"""How long published outbox rows are kept, in seconds: as long as topics keep events."""

MARK_SECONDS = MARK_DAYS * DAY_SECONDS
"""How long the marks of consumed events are kept, in seconds: as long as any of them can be sent again."""

RESENT_SECONDS = DEAD_LETTER_DAYS * DAY_SECONDS
"""How long it is kept that a dead letter was sent again, in seconds: as long as the letter."""

IDEMPOTENCY_SECONDS = DAY_SECONDS
"""How long the answer to an idempotent request is kept, in seconds."""

INDEXES: dict[str, list[IndexModel]] = {
    "outbox": [
        IndexModel([("pending", ASCENDING), ("_id", ASCENDING)], partialFilterExpression={"pending": True}),
        IndexModel([("published_at", ASCENDING)], expireAfterSeconds=KEEP_SECONDS),
    ],
    "inbox": [IndexModel([("at", ASCENDING)], expireAfterSeconds=MARK_SECONDS)],
    "timers": [IndexModel([("due_at", ASCENDING)]), IndexModel([("data.calendar", ASCENDING)], sparse=True)],
    "resent": [IndexModel([("at", ASCENDING)], expireAfterSeconds=RESENT_SECONDS)],
    "idempotency": [IndexModel([("at", ASCENDING)], expireAfterSeconds=IDEMPOTENCY_SECONDS)],
}

Database = AsyncIOMotorDatabase[dict[str, Any]]
Collection = AsyncIOMotorCollection[dict[str, Any]]

SAME = ("unique", "sparse", "partialFilterExpression")
"""Options that an index has from the beginning: another value is another index."""


def declared(documents: Sequence[type[Document]]) -> dict[str, list[IndexModel]]:
    """Every collection of a connected service with the indexes that its documents, or the chassis, ask for."""
    wanted = {name: list(indexes) for name, indexes in INDEXES.items()}
    for document in documents:
        settings = document.get_settings()
        wanted.setdefault(str(settings.name), []).extend(field.index for field in settings.indexes or [])
    return wanted


@dataclass(frozen=True, slots=True)
class Work:
    """What the indexes of a collection need, by their names: made anew are those of a name that says another index."""

    create: Sequence[str]
    lifetimes: Sequence[str]
    anew: Sequence[str]
    undeclared: Sequence[str]


async def look(collection: Collection, indexes: Sequence[IndexModel]) -> Work:
    """Compare the indexes that are there with those that are asked for."""
    known = await collection.index_information()
    wanted = {str(index.document["name"]): index.document for index in indexes}
    there = [name for name in wanted if name in known]
    return Work(
        create=[name for name in wanted if name not in known],
        lifetimes=[
            name
            for name in there
            if known[name].get("expireAfterSeconds") != wanted[name].get("expireAfterSeconds")
            and not _differs(known[name], wanted[name])
        ],
        anew=[name for name in there if _differs(known[name], wanted[name])],
        undeclared=[name for name in known if name not in wanted and name != "_id_"],
    )


def _differs(known: Any, wanted: Any) -> bool:
    keys = [(field, order) for field, order in known["key"]]
    return keys != list(wanted["key"].items()) or any((known.get(o) or None) != (wanted.get(o) or None) for o in SAME)


async def set_lifetimes(collection: Collection, indexes: Sequence[IndexModel], names: Sequence[str]) -> None:
    """Give indexes that keep their rows for another time the time that holds now."""
    for index in indexes:
        name, seconds = index.document["name"], index.document.get("expireAfterSeconds")
        if name in names:
            change = {"name": name, "expireAfterSeconds": seconds}
            await collection.database.command("collMod", collection.name, index=change)


async def create_chassis_indexes(database: Database) -> None:
    for name, indexes in INDEXES.items():
        collection = database[name]
        await set_lifetimes(collection, indexes, (await look(collection, indexes)).lifetimes)
        await collection.create_indexes(indexes)

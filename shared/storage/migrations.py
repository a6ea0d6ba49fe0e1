"""Migrations: numbered changes of what is stored, from the form of one version to that of the next, while the service runs.

A migration changes rows that fit `wanted` and, once changed, fit it no more; so it can be broken off anywhere and run again, and
changes nothing twice. It only adds what the new version reads, and leaves what the old one reads: both run for a while. How far
it has come is kept in `migrations`, beside the database's other rows.

    RENAMED = Migration(1, "leads name their collective contract", Lead, {"agreement_id": …}, ("agreement_id",), renamed)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from beanie import Document
from pymongo import UpdateOne

from shared import clock, faults
from shared.storage.client import Collection, Row, collection_of, storage

BATCH = 200
"""Rows read and changed at once; how far a migration is, is kept after each."""

RESTORE = "restore"
"""The row that says that a backup is being brought back."""


@dataclass(frozen=True)
class Migration:
    """One change of the rows of a document class: of those that fit `wanted`, of which `fields` are read, `change` gives the
    fields to be set. Numbers count from 1 within a service, and are never used again."""

    number: int
    title: str
    document: type[Document]
    wanted: Row
    fields: tuple[str, ...]
    change: Callable[[Row], Row | Awaitable[Row]]


def kept() -> Collection:
    """What is kept of each migration: how far it is, and when it was finished."""
    return storage().collection("migrations")


async def waiting(migrations: Sequence[Migration]) -> list[str]:
    """What has to be done before this version may work, in words: migrations that have not been finished, and a restore.

    A migration of a collection without rows has nothing to do, and is kept as finished.
    """
    rows = {row["_id"]: row async for row in kept().find({})}
    finished = {number for number, row in rows.items() if row["finished_at"] is not None}
    found = ["a restore has not been finished"] if RESTORE in rows and RESTORE not in finished else []
    for migration in migrations:
        if migration.number in finished:
            continue
        if await collection_of(migration.document).find_one({}, {"_id": 1}) is not None:
            found.append(f"migration {migration.number} has not been finished: {migration.title}")
        elif migration.number not in rows:
            await begin(migration.number, migration.title, again=False)
            await finish(migration.number)
    return found


async def begin(number: int, title: str, again: bool) -> Row | None:
    """Where a migration goes on; None where it was finished and is not to run `again`, from the beginning."""
    row = await kept().find_one({"_id": number})
    if row is not None and row["finished_at"] is not None and not again:
        return None
    if row is None or row["finished_at"] is not None:
        row = {"_id": number, "title": title, "last": None, "changed": 0, "began_at": clock.now(), "finished_at": None}
        # the old `finished_at` stays while it runs again: the version that is up goes on working
        await kept().update_one({"_id": number}, {"$setOnInsert": row}, upsert=True)
    return row


async def next_batch(migration: Migration, after: Any) -> tuple[Any, int] | None:
    """Change the next rows behind an id: the last id that was gone through, and how many were changed; None at the end.

    A row that somebody else changes meanwhile is read again. Whoever has read a row before it is changed here meets another
    revision when storing it, as after any other change.
    """
    collection = collection_of(migration.document)
    ids: Row = {} if after is None else {"$gt": after}
    read = dict.fromkeys(("revision", *migration.fields), 1)
    last, changed = None, 0
    while True:
        wanted = {**migration.wanted, "_id": ids} if ids else migration.wanted
        rows = await collection.find(wanted, read).sort("_id", 1).limit(BATCH).to_list(None)
        if not rows:
            return None if last is None else (last, changed)
        if last is None:
            last = ids["$lte"] = rows[-1]["_id"]
        result = await collection.bulk_write([await _update(migration, row) for row in rows], ordered=False)
        changed += result.modified_count
        faults.reach("migration.changed")
        if result.matched_count == len(rows):
            return last, changed


async def _update(migration: Migration, row: Row) -> UpdateOne:
    changed = migration.change(row)
    values = await changed if isawaitable(changed) else changed
    same = {"revision": row["revision"]} if "revision" in row else {}
    more = {"$inc": {"revision": 1}} if "revision" in row else {}
    return UpdateOne({**migration.wanted, "_id": row["_id"], **same}, {"$set": values, **more})


async def reached(number: int, last: Any, changed: int) -> None:
    """Keep how far a migration is."""
    await kept().update_one({"_id": number}, {"$set": {"last": last}, "$inc": {"changed": changed}})


async def finish(number: int) -> None:
    """Keep that a migration has gone through everything."""
    await kept().update_one({"_id": number}, {"$set": {"finished_at": clock.now(), "last": None}})

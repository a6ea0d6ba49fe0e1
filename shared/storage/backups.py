"""A service's database in files, as it was at one instant, and back from them.

Each collection is a file of BSON documents one after the other, as mongodump writes them, under gzip. `manifest.json` says what
belongs to the backup. Encrypted values stay as they are: they open only with the key file, which is kept elsewhere.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO, cast

import msgspec
from bson import decode_file_iter
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.errors import OperationFailure
from pymongo.read_concern import ReadConcern

from shared import clock
from shared.ids import new_id
from shared.storage.client import Session, storage
from shared.storage.migrations import RESTORE, kept

MANIFEST = "manifest.json"
LEFT_OUT = ("leases", "backups")
"""What says nothing once it is brought back: who was at work then, and the marks of backups themselves."""
AT_ONCE = 500
BYTES_AT_ONCE = 8_000_000
RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
SNAPSHOT_GONE = (239, 246, 251, 290)
"""The server keeps no view of the database that is so old: SnapshotTooOld, SnapshotUnavailable, an aborted transaction."""


class CannotBackUp(Exception):
    """The database cannot be read as of one instant, or not for as long as that takes."""


class CannotRestore(Exception):
    """The files are not a whole backup, or the database is not empty."""


class Part(msgspec.Struct, frozen=True):
    """One collection: how many documents, and the SHA-256 of its file."""

    collection: str
    documents: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """`at`: whatever was stored before it is in the backup; replay of what others told since begins there."""

    database: str
    at: dt.datetime
    parts: list[Part]


async def back_up(directory: Path) -> Manifest:
    """Write the database into an empty directory while it is worked on. The manifest comes last: without it, there is no backup.

    Raises:
        CannotBackUp: see there.
    """
    _need_empty(directory)
    database = storage().database
    async with _one_instant() as (at, session):
        names = sorted(set(await database.list_collection_names()) - set(LEFT_OUT))
        try:
            parts = [await _write(name, directory, session) for name in names if not name.startswith("system.")]
        except OperationFailure as error:
            if error.code in SNAPSHOT_GONE:
                raise CannotBackUp(
                    "the server does not keep its view of one instant for so long: raise its "
                    "minSnapshotHistoryWindowInSeconds, or use mongodump --oplog or snapshots of its disks"
                ) from error
            raise
    manifest = Manifest(database.name, at, parts)
    (directory / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    return manifest


def _need_empty(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise CannotBackUp(f"{directory} is not empty")


@asynccontextmanager
async def _one_instant() -> AsyncIterator[tuple[dt.datetime, Session]]:
    """A session that sees the database as it was at one instant, tried out before it is relied on.

    MongoDB lets such a session live as long as its history of snapshots reaches back. A server that takes the wish and does not
    hold to it may still do so in a transaction.
    """
    at = clock.now()
    await storage().collection("backups").update_one({"_id": "begun"}, {"$set": {"at": at}}, upsert=True)
    for in_transaction in (False, True):
        async with await storage().client.start_session(snapshot=not in_transaction) as session:
            if in_transaction:
                session.start_transaction(ReadConcern("snapshot"))
            if await _holds(session):
                yield at, session
                return
    raise CannotBackUp("this server shows no view of one instant")


async def _holds(session: Session) -> bool:
    """Whether what is stored from now on stays unseen in the session."""
    marks, mark = storage().collection("backups"), new_id()
    await marks.find_one({}, session=session)  # the instant
    await marks.insert_one({"_id": mark})
    unseen = await marks.find_one({"_id": mark}, session=session) is None
    await marks.delete_one({"_id": mark})
    return unseen


async def _write(name: str, directory: Path, session: Session) -> Part:
    file = directory / f"{name}.bson.gz"
    count = 0
    with gzip.open(file, "wb", compresslevel=6) as out:
        async for row in storage().database.get_collection(name, RAW).find({}, session=session).batch_size(AT_ONCE):
            out.write(row.raw)
            count += 1
    return Part(name, count, _digest(file))


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def read_manifest(directory: Path) -> Manifest:
    """What belongs to a backup; raises CannotRestore where something of it is missing or is not what was written."""
    try:
        manifest = msgspec.json.decode((directory / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise CannotRestore(f"{directory} holds no whole backup: {type(error).__name__}") from error
    for part in manifest.parts:
        file = directory / f"{part.collection}.bson.gz"
        if not file.exists() or _digest(file) != part.sha256:
            raise CannotRestore(f"{file} is missing or is not what was written")
    return manifest


async def restore(directory: Path) -> Manifest:
    """Bring a backup back into an empty database. No process of the service begins work before all of it is there.

    Raises:
        CannotRestore: see there.
    """
    manifest = read_manifest(directory)
    database = storage().database
    for name in set(await database.list_collection_names()) - set(LEFT_OUT):
        if not name.startswith("system.") and await database[name].find_one({}, {"_id": 1}) is not None:
            raise CannotRestore(f"the database is not empty: {name} has documents. Drop it first")
    await kept().insert_one({"_id": RESTORE, "title": "restore", "began_at": clock.now(), "finished_at": None})
    for part in manifest.parts:
        stored = 0
        for rows in _batches(directory / f"{part.collection}.bson.gz"):
            await database.get_collection(part.collection, RAW).insert_many(rows, ordered=False)
            stored += len(rows)
        if stored != part.documents:
            raise CannotRestore(f"{part.collection}: {stored} documents of {part.documents}")
    await kept().delete_one({"_id": RESTORE})
    return manifest


def _batches(file: Path) -> Iterator[list[RawBSONDocument]]:
    batch: list[RawBSONDocument] = []
    size = 0
    with gzip.open(file, "rb") as opened:
        for row in decode_file_iter(cast(BinaryIO, opened), RAW):
            batch.append(row)
            size += len(row.raw)
            if len(batch) == AT_ONCE or size > BYTES_AT_ONCE:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch

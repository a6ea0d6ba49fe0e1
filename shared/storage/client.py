"""The one place that knows the driver: the client, the service's own database and Beanie's set-up."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

import structlog
from beanie import Document, init_beanie
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo.read_concern import ReadConcern

from shared.storage import keys
from shared.storage.indexes import create_chassis_indexes
from shared.storage.statements import StatementCounter

log = structlog.get_logger(__name__)

Row = dict[str, Any]
Collection = AsyncIOMotorCollection[Row]
Session = AsyncIOMotorClientSession
T = TypeVar("T")


STATEMENT_MS = 60_000
"""How long a statement may take."""

MAJORITY_MS = 10_000
"""How long a write waits for the majority of the replica set."""

_threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="statements")


class LocalDispatcher(Protocol):
    """Whoever in this process does what is due, and can be given it without a look into the database."""

    def reserve(self, timer: Row) -> None:
        """Lease a timer that is about to be stored, if there is room for it: sets its holder."""

    def take(self, timer: Row, about: Document | None) -> None:
        """Do a reserved timer, now that it is stored; `about` is the document that was stored with it."""

    def expect(self, timer: Row) -> None:
        """Look for a timer when it is due, now that it is stored."""


class Storage:
    """A service's connection to its own database.

    Whatever is written or read outside a transaction is so by the majority of the replica set: what was acknowledged or
    seen is not lost again when another server takes over. `source` names the service in its events. `statement_ms` is how long
    a statement may take, None: as long as it takes.
    """

    def __init__(
        self, uri: str, database: str, source: str = "/services/unknown", statement_ms: int | None = STATEMENT_MS
    ) -> None:
        self.source = source
        self.dispatcher: LocalDispatcher | None = None
        self.asked: dict[type[Document], dict[Any, list[asyncio.Future[Row | None]]]] = {}
        """What `reading` is about to read together, by id."""
        self.reading: set[asyncio.Task[None]] = set()
        self.client: AsyncIOMotorClient[Row] = AsyncIOMotorClient(
            uri,
            tz_aware=True,
            serverSelectionTimeoutMS=5000,
            socketTimeoutMS=statement_ms,
            connectTimeoutMS=5000,
            waitQueueTimeoutMS=30000,
            w="majority",
            wTimeoutMS=MAJORITY_MS,
            event_listeners=[StatementCounter()],
        )
        self.database: AsyncIOMotorDatabase[Row] = self.client.get_database(
            database,
            read_concern=ReadConcern("majority"),  # not the client's: a transaction that only writes names none
        )

    def collection(self, name: str) -> Collection:
        return self.database[name]

    def session(self) -> Session:
        """A session, begun in this thread, where the driver would go to another and back: it asks the server for nothing."""
        return Session(self.client.delegate.start_session(), self.client)

    async def in_order(self) -> Session:
        """A session in which every read finds whole what the one before it found a part of.

        Of a transaction that wrote to several shards, one shard may show its part a moment before another does.
        """
        return await self.client.start_session(causal_consistency=True)

    async def ping(self) -> None:
        """Raise where the database does not answer."""
        await self.database.command("ping")


_storage: Storage | None = None


def storage() -> Storage:
    """The connected storage of this process."""
    if _storage is None:
        raise RuntimeError("storage is not connected")
    return _storage


async def connect(
    uri: str,
    database: str,
    documents: Sequence[type[Document]],
    key_rings: keys.KeyRings | None = None,
    service: str = "unknown",
    *,
    unhurried: bool = False,
) -> Storage:
    """Connect this process, of that service, to its database, and create what indexes are missing.

    `unhurried` is for commands that may take long: statements have all the time they need, and indexes are left as they are.
    """
    global _storage
    if key_rings is not None:
        keys.use(key_rings)
    _storage = Storage(uri, database, f"/services/{service}", None if unhurried else STATEMENT_MS)
    if not unhurried:
        await create_chassis_indexes(_storage.database)
    await init_beanie(database=_storage.database, document_models=list(documents), skip_indexes=unhurried)
    return _storage


def disconnect() -> None:
    global _storage
    if _storage is not None:
        _storage.client.close()
        _storage = None


async def on_thread(work: Callable[[], T]) -> T:
    """Do work with the driver's own, waiting client: several statements in one go, where each by itself would take a way to another
    thread and back, which costs as much again."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(_threads, context.run, work)


def collection_of(document: type[Document]) -> Collection:
    """The driver's collection behind a document class, for bulk writes and aggregations."""
    return document.get_motor_collection()

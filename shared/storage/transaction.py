"""One MongoDB transaction with the outbox and the timers in it.

A command changes documents with `tx.session`, says what happened with `tx.tell`, and sets or clears deadlines with
`tx.schedule` and `tx.cancel`. All of it is stored together, or none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import msgspec
import stamina
from motor.motor_asyncio import AsyncIOMotorClientSession
from pymongo.errors import ConnectionFailure, DuplicateKeyError, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared import clock, faults
from shared.contracts.base import Fact
from shared.ids import new_id
from shared.storage.client import Row, storage
from shared.storage.wakeup import wake
from shared.telemetry.traces import current_traceparent

T = TypeVar("T")

ATTEMPTS = 30
"""How often a transaction is tried where it meets another one."""


class Stale(Exception):
    """The document was changed by someone else since it was read."""


class RequestRepeated(Exception):
    """The request that this transaction belongs to was carried out before: nothing is stored again."""


@dataclass(slots=True)
class RequestMark:
    """The idempotency key that the present request works under, and whether it is stored that it was carried out."""

    key_id: str
    digest: str
    stored: bool = False


_request: ContextVar[RequestMark | None] = ContextVar("request_mark", default=None)


@contextmanager
def marking(mark: RequestMark) -> Iterator[None]:
    """Transactions inside store that the request was carried out."""
    reset = _request.set(mark)
    try:
        yield
    finally:
        _request.reset(reset)


@dataclass(slots=True)
class Transaction:
    """The unit of work of one command."""

    session: AsyncIOMotorClientSession
    source: str
    _facts: list[tuple[Fact, dt.datetime, str | None]] = field(default_factory=list)
    _timers: dict[str, Row] = field(default_factory=dict)
    _cancelled: list[str] = field(default_factory=list)

    def tell(self, fact: Fact, *, at: dt.datetime | None = None) -> None:
        """Publish a fact when this transaction is stored. `at`: when it happened, where that was not just now."""
        self._facts.append((fact, at or clock.now(), current_traceparent()))

    def schedule(self, kind: str, key: str, due_at: dt.datetime, **data: Any) -> None:
        """Set a timer, in place of one of the same kind and key. The handler declared for `kind` gets it at `due_at`.

        Of several of one kind and key in a transaction the last one holds, as does a `cancel` that follows them.
        """
        timer_id = f"{kind}:{key}"
        self._timers[timer_id] = {
            "_id": timer_id, "kind": kind, "key": key, "due_at": due_at, "data": data, "attempts": 0, "holder": None,
        }  # fmt: skip

    def cancel(self, kind: str, key: str) -> None:
        """Clear a timer, if it is set."""
        timer_id = f"{kind}:{key}"
        self._timers.pop(timer_id, None)
        self._cancelled.append(timer_id)

    async def _flush(self) -> None:
        """Write the outbox and the timers, last of all: ids made now sort behind those of the changes seen so far."""
        database = storage()
        if self._cancelled:
            await database.collection("timers").delete_many({"_id": {"$in": self._cancelled}}, session=self.session)
        for timer in self._timers.values():
            if _taker is not None and timer["due_at"] <= clock.now():
                _taker.reserve(timer)
            await database.collection("timers").replace_one(
                {"_id": timer["_id"]}, timer, upsert=True, session=self.session
            )
        if self._facts:
            rows = [outbox_row(self.source, *told) for told in self._facts]
            await database.collection("outbox").insert_many(rows, session=self.session)
        mark = _request.get()
        if mark is not None and not mark.stored:
            row = {"_id": mark.key_id, "digest": mark.digest, "at": clock.now(), "status": None}
            try:
                await database.collection("idempotency").insert_one(row, session=self.session)
            except DuplicateKeyError:
                raise RequestRepeated from None

    def _stored(self) -> None:
        """What follows in this process when everything is stored."""
        mark = _request.get()
        if mark is not None:
            mark.stored = True
        if self._facts:
            wake("relay")
        for timer in self._timers.values():
            if timer["holder"] is not None and _taker is not None:
                _taker.take(timer)
        if self._timers:
            wake("timers")


class Taker(Protocol):
    """Whoever in this process does what is due, and can be given it without a look into the database."""

    def reserve(self, timer: Row) -> None:
        """Lease a timer that is about to be stored, if there is room for it: sets its holder."""

    def take(self, timer: Row) -> None:
        """Do a reserved timer, now that it is stored."""


_taker: Taker | None = None


def give_to(taker: Taker | None) -> None:
    """Name who in this process takes what is due at once."""
    global _taker
    _taker = taker


def outbox_row(source: str, fact: Fact, at: dt.datetime, traceparent: str | None) -> Row:
    """A fact as it waits to be published."""
    return {
        "_id": new_id(),
        "source": source,
        "type": fact.TYPE,
        "topic": fact.TOPIC.name,
        "key": fact.key(),
        "time": at,
        "data": msgspec.json.encode(fact),
        "traceparent": traceparent,
        "pending": True,
    }


def is_passing(error: BaseException) -> bool:
    """Whether a fault of the database passes by itself, so that the same work may be tried again."""
    if isinstance(error, ConnectionFailure | Stale):
        return True
    if isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError"):
        return True
    return isinstance(error, OperationFailure) and error.code in (112, 244, 251)


_source = "/services/unknown"


def speak_as(service: str) -> None:
    """Name the service whose facts this process tells: the `source` of its events."""
    global _source
    _source = f"/services/{service}"


def source() -> str:
    return _source


async def transact(work: Callable[[Transaction], Awaitable[T]], *, attempts: int = ATTEMPTS) -> T:
    """Run a command in one transaction, again where another got in its way, and store what it changed and told.

    Raises what the command raises, and the database's own error where it stays away.
    """
    async for attempt in stamina.retry_context(
        on=lambda error: isinstance(error, Exception) and is_passing(error),
        attempts=attempts,
        timeout=30.0,
        wait_initial=0.005,
        wait_max=0.5,
        wait_jitter=0.05,
    ):
        with attempt:
            return await _once(work)
    raise AssertionError("unreachable")


async def _once(work: Callable[[Transaction], Awaitable[T]]) -> T:
    async with await storage().client.start_session() as session:
        async with session.start_transaction(
            read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority", wtimeout=10000)
        ):
            tx = Transaction(session, _source)
            result = await work(tx)
            await tx._flush()
        faults.reach("transaction.stored")
        tx._stored()
    return result

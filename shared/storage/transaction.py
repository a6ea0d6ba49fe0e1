"""Run a command in one MongoDB transaction, again where another got in its way.

The transaction of a request under an idempotency key stays open until its answer is known, and is stored together with it.
What a command does with its transaction is in `unit_of_work`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from shared.storage.client import Row, storage
from shared.storage.passing import ATTEMPTS, tried
from shared.storage.unit_of_work import IDS_AT_ONCE as IDS_AT_ONCE
from shared.storage.unit_of_work import Transaction as Transaction

T = TypeVar("T")


@dataclass(slots=True)
class OpenRequest:
    """A request under an idempotency key, whose transaction stays open until its answer is known.

    `row` is what is kept of it, without its answer.
    """

    row: Row
    tx: Transaction | None = None
    stored: bool = False

    async def store(self, answer: bytes | None) -> None:
        """Commit the open transaction together with the answer; None: the answer comes later."""
        row = {**self.row, "answer": answer}
        if self.tx is None:
            requests = storage().collection("idempotency")
            await requests.replace_one({"_id": row["_id"]}, row, upsert=True)
        else:
            tx, self.tx = self.tx, None
            async with tx.ending():
                tx.finish_request(row)
                await tx.commit()
        self.stored = True

    async def undo(self) -> None:
        """Give up the open transaction, if there is one."""
        if self.tx is not None:
            tx, self.tx = self.tx, None
            tx.restore_revisions()
            await tx.end()


_request: ContextVar[OpenRequest | None] = ContextVar("open_request", default=None)


@asynccontextmanager
async def open_request(row: Row) -> AsyncIterator[OpenRequest]:
    """What the first `transact` inside changes is stored by `OpenRequest.store`, or not at all."""
    request = OpenRequest(row)
    reset = _request.set(request)
    try:
        yield request
    finally:
        _request.reset(reset)
        await request.undo()


def transaction_of_request() -> Transaction | None:
    """The transaction of the request under way that waits for its answer, if there is one."""
    request = _request.get()
    return request.tx if request else None


async def transact(work: Callable[[Transaction], Awaitable[T]], *, attempts: int = ATTEMPTS) -> T:
    """Run a command in one transaction, again where another got in its way, and store what it changed and told.

    Raises what the command raises, and the database's own error where it stays away.
    """
    request = _request.get()
    if request is not None and not request.stored:
        if request.tx is None:
            request.tx = _begin()
            return await work(request.tx)
        await request.store(None)

    async def once() -> T:
        tx = _begin()
        async with tx.ending():
            result = await work(tx)
            await tx.commit()
        return result

    return await tried(once, attempts)


def _begin() -> Transaction:
    return Transaction(storage().session(), storage().source)

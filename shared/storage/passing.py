"""Which faults of the database pass by themselves, so that the same work is tried again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import stamina
from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError

T = TypeVar("T")

ATTEMPTS = 30
"""How often a transaction is tried where it meets another one."""

PASSING_CODES = frozenset({64, 91, 112, 189, 244, 251, 11600, 11602, 13435, 13436})
"""Write concern time-out, servers that stop or step down, write conflicts, transactions that were aborted."""


class Stale(Exception):
    """The document was changed by someone else since it was read."""


def is_passing(error: BaseException) -> bool:
    """Whether the same work may succeed when it is tried again, because of what went wrong in the database."""
    if isinstance(error, ConnectionFailure | Stale):
        return True
    if isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError"):
        return True
    if isinstance(error, BulkWriteError):
        details = error.details or {}
        return bool(details.get("writeConcernErrors")) and not details.get("writeErrors")
    return isinstance(error, OperationFailure) and error.code in PASSING_CODES


async def tried(work: Callable[[], Awaitable[T]], attempts: int = ATTEMPTS) -> T:
    """Do work that other transactions, or a database that is away, may stand in the way of, again until none does. Further tries are
    made ready only after one has failed: that costs half of a statement."""
    failed: list[Exception] = []
    try:
        return await work()
    except Exception as error:
        if not is_passing(error):
            raise
        failed.append(error)
    async for attempt in _tries(attempts):
        with attempt:
            if failed:
                raise failed.pop()  # that of the first try
            return await work()
    raise AssertionError("unreachable")


def _tries(attempts: int) -> AsyncIterator[stamina.Attempt]:
    """Tries of work that other transactions, or a database that is away, may stand in the way of."""
    return stamina.retry_context(
        on=lambda error: isinstance(error, Exception) and is_passing(error),
        attempts=attempts,
        timeout=30.0,
        wait_initial=0.005,
        wait_max=0.5,
        wait_jitter=0.05,
    ).__aiter__()

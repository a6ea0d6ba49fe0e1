"""A step with what is stored, as the routes of several capabilities take it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.callers import Caller
from shared.storage.records import Record, require_revision
from shared.storage.transaction import Transaction, transact

R = TypeVar("R", bound=Record)
Find = Callable[[str, Caller, Transaction], Awaitable[R]]
Step = Callable[[R, Transaction], Awaitable[R]]


async def take_step(find: Find[R], record_id: str, caller: Caller, seen: int, step: Step[R]) -> R:
    """Find a record for its caller and take a step with it, in one transaction; it must stand as the caller saw it (`seen`).

    Raises what `find` and `step` raise, and ChangedMeanwhile where it has changed since.
    """

    async def take(tx: Transaction) -> R:
        record = await find(record_id, caller, tx)
        require_revision(seen, record.revision)
        return await step(record, tx)

    return await transact(take)

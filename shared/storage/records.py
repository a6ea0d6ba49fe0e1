"""What a stored document has in common with every other: an id, a revision, and a save that never overwrites unseen.

Reads without a transaction join that of the request, where it is open: so a route sees what its command has changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from beanie import Document
from pydantic import Field

from shared import clock
from shared.errors import ChangedMeanwhile, RevisionNeeded
from shared.ids import new_id
from shared.storage import reading
from shared.storage.transaction import Transaction, transaction_of_request

D = TypeVar("D", bound=Document)


class Keyed(Document):
    """A document that is stored as it is, under an id that whoever makes it gives: it has no revision."""

    id: str  # type: ignore[assignment]


class Record(Document):
    """A document with a revision: the number of times it was stored, and the `ETag` that callers see."""

    __getattribute__ = object.__getattribute__
    """Not Beanie's, which asks at each access whether the field has been parsed yet: nothing here is read without that."""

    id: str = Field(default_factory=new_id)  # type: ignore[assignment]
    revision: int = 0
    created_at: dt.datetime = Field(default_factory=clock.now)
    updated_at: dt.datetime = Field(default_factory=clock.now)

    async def put(self, tx: Transaction) -> Self:
        """Store the document with the transaction; that raises `Stale` where someone else has stored it meanwhile."""
        seen, self.revision, self.updated_at = self.revision, self.revision + 1, clock.now()
        tx.put(self, seen)
        return self

    def changed(self, values: Mapping[str, Any]) -> Self:
        """The same object with these fields set: a copy beside it could not be put in the same transaction."""
        for name, value in values.items():
            setattr(self, name, value)
        return self

    @classmethod
    async def of(cls, record_id: str, tx: Transaction | None = None) -> Self | None:
        """The document of that id, or None."""
        tx = tx or transaction_of_request()
        return await (tx.get(cls, record_id) if tx else reading.one(cls, record_id))


async def find(
    document: type[D],
    query: Mapping[str, Any],
    tx: Transaction | None = None,
    *,
    sort: str | None = None,
    limit: int | None = None,
) -> list[D]:
    """The documents that fit, read in a transaction where one is given; see `Transaction.find`."""
    tx = tx or transaction_of_request()
    if tx is not None:
        return await tx.find(document, query, sort=sort, limit=limit)
    return await reading.some(document, query, sort=sort, limit=limit)


async def find_one(document: type[D], query: Mapping[str, Any], tx: Transaction | None = None) -> D | None:
    """A document that fits, or None, read in a transaction where one is given."""
    found = await find(document, query, tx, limit=1)
    return found[0] if found else None


def require_revision(seen: int | None, present: int) -> None:
    """Raise `ChangedMeanwhile` where the document has changed since the caller read it, `RevisionNeeded` for None."""
    if seen is None:
        raise RevisionNeeded
    if seen != present:
        raise ChangedMeanwhile

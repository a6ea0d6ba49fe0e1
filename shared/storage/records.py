"""What a stored document has in common with every other: an id, a revision, and a save that never overwrites unseen."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from beanie import Document
from beanie.odm.utils.encoder import Encoder
from pydantic import Field

from shared import clock
from shared.ids import new_id
from shared.storage.client import collection_of
from shared.storage.transaction import Stale, Transaction


class Record(Document):
    """A document with a revision: the number of times it was stored, and the `ETag` that callers see."""

    id: str = Field(default_factory=new_id)  # type: ignore[assignment]
    revision: int = 0
    created_at: dt.datetime = Field(default_factory=clock.now)
    updated_at: dt.datetime = Field(default_factory=clock.now)

    async def put(self, tx: Transaction) -> Self:
        """Store the document; raises `Stale` where someone else has stored it since it was read."""
        seen = self.revision
        self.revision = seen + 1
        self.updated_at = clock.now()
        row: dict[str, Any] = Encoder(to_db=True).encode(self)
        collection = collection_of(type(self))
        if seen == 0:
            await collection.insert_one(row, session=tx.session)
            return self
        result = await collection.replace_one({"_id": self.id, "revision": seen}, row, session=tx.session)
        if result.matched_count == 0:
            raise Stale(f"{type(self).__name__} {self.id}")
        return self

    @classmethod
    async def of(cls, record_id: str, tx: Transaction | None = None) -> Self | None:
        """The document of that id, or None."""
        return await cls.get(record_id, session=tx.session if tx else None)

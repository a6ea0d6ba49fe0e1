"""When each key was last used to seal what travels."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Final

from services.registry.batches.documents import Batch
from services.registry.batches.records import unpack_records
from shared.service import SealingKey
from shared.storage.client import collection_of
from shared.storage.sealed import Dated, last_published, newest

IN_PUSHES: Final = ("for-registry", "for-insurance")
"""The rings that the gateway seals with; the registry's own facts are sealed with all but its own."""
SEALS: Final = (*IN_PUSHES, "for-notifier", "for-subsidies")
"""The rings that the registry seals with."""


async def last_sealed(wanted: set[SealingKey]) -> dict[SealingKey, dt.datetime]:
    """Of these keys, those that something kept was sealed with, and when the last of it was."""
    published = await last_published({key for key in wanted if key[0] != "for-registry"})
    pushed = await newest(_pushes(), {key for key in wanted if key[0] in IN_PUSHES})
    return {
        key: max(at for at in (published.get(key), pushed.get(key)) if at) for key in published.keys() | pushed.keys()
    }


async def _pushes() -> AsyncIterator[Dated]:
    rows = collection_of(Batch).find({}, {"records": 1, "created_at": 1}).sort("_id", -1).batch_size(1)
    async for row in rows:
        yield row["created_at"], [record[4] for record in unpack_records(row["records"])]

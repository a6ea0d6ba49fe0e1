"""Writing many rows at once."""

from __future__ import annotations

from collections.abc import Sequence

from beanie import Document
from pymongo.errors import BulkWriteError

from shared.storage.client import Row, collection_of

DUPLICATE_KEY = 11000


async def insert_new(document: type[Document], rows: Sequence[Row]) -> set[int]:
    """Store those rows whose id is not there yet; the places of the others, whose first content stays."""
    try:
        await collection_of(document).insert_many(rows, ordered=False)
        return set()
    except BulkWriteError as error:
        details = error.details or {}
        faults = details.get("writeErrors", [])
        if details.get("writeConcernErrors") or any(fault["code"] != DUPLICATE_KEY for fault in faults):
            raise
        return {fault["index"] for fault in faults}

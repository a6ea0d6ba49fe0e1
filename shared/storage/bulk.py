"""Writing many rows at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, cast

from beanie import Document
from pymongo.errors import BulkWriteError, OperationFailure, WriteConcernError

from shared.storage.client import Row, collection_of

DUPLICATE_KEY, WRITE_CONCERN_FAILED = 11000, 64
AT_ONCE = 500
"""Rows of one statement. Several are under way beside each other: the database writes while the next ones are encoded."""


async def insert_new(document: type[Document], rows: Sequence[Mapping[str, Any]]) -> set[int]:
    """Store those rows whose id is not there yet; the places of the others, whose first content stays.

    Rows of which it is not certain that they are kept raise a passing fault: stored again, they are found.
    """
    first_of: dict[Any, int] = {}
    for index, row in enumerate(rows):
        first_of.setdefault(row["_id"], index)
    # of two rows of one id the first stays, whichever statement would have come first
    places = list(first_of.values())
    parts = [places[start : start + AT_ONCE] for start in range(0, len(places), AT_ONCE)]
    found = await asyncio.gather(*(_insert(document, [rows[place] for place in part]) for part in parts))
    there = {part[index] for part, indexes in zip(parts, found, strict=True) for index in indexes}
    return there | (set(range(len(rows))) - set(places))


async def _insert(document: type[Document], rows: Sequence[Mapping[str, Any]]) -> set[int]:
    try:
        await collection_of(document).insert_many(cast(Sequence[Row], rows), ordered=False)
        return set()
    except BulkWriteError as error:
        return repeated(error)


def repeated(error: BulkWriteError) -> set[int]:
    """The places of the rows that were there. Raises what else went wrong, without the driver's quotation of rows."""
    details = error.details or {}
    faults = details.get("writeErrors", [])
    others = [fault["code"] for fault in faults if fault["code"] != DUPLICATE_KEY]
    if others:
        raise OperationFailure("some rows could not be stored", others[0]) from None
    if details.get("writeConcernErrors"):
        raise WriteConcernError("no majority has acknowledged the rows", WRITE_CONCERN_FAILED) from None
    return {fault["index"] for fault in faults}

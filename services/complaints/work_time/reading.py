"""Reading rows by many ids at once, in a transaction or beside each other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from beanie import Document

from shared.storage.client import Row, collection_of
from shared.storage.transaction import Transaction

IDS_AT_ONCE = 100
"""Values in one query: pip's database takes long lists of them slowly."""


async def rows_with(
    document: type[Document],
    field: str,
    values: Iterable[str],
    tx: Transaction | None = None,
    *,
    fields: Mapping[str, Any] | None = None,
    **more: Any,
) -> list[Row]:
    """The stored rows whose `field` is one of these values, and whose other fields are as `more` says."""
    wanted = sorted(set(values))
    pieces = [wanted[start : start + IDS_AT_ONCE] for start in range(0, len(wanted), IDS_AT_ONCE)]
    queries = [{**more, field: {"$in": piece}} for piece in pieces]
    if tx is not None:
        found = [await tx.rows(document, query, fields) for query in queries]
    else:
        cursors = [collection_of(document).find(query, fields) for query in queries]
        found = await asyncio.gather(*(cursor.to_list(None) for cursor in cursors))
    return [row for rows in found for row in rows]

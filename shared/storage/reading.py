"""Documents read as the driver gives their rows: Beanie's own queries cost as much again as the statement that they send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

from beanie import Document
from beanie.odm.utils.parsing import parse_obj

from shared.storage.client import Row, Session, collection_of, on_thread
from shared.storage.writes import stored

D = TypeVar("D", bound=Document)


async def one(document: type[D], document_id: Any, session: Session | None = None) -> D | None:
    """The document of that id, or None."""
    row = await collection_of(document).find_one({"_id": document_id}, session=session)
    return None if row is None else _parsed(document, row)


async def some(
    document: type[D],
    query: Mapping[str, Any],
    session: Session | None = None,
    *,
    sort: str | None = None,
    limit: int | None = None,
) -> list[D]:
    """The documents that fit. `sort` is a field's name, with `-` before it for descending order."""
    found = collection_of(document).find(stored(dict(query)), session=session)
    if sort is not None:
        found = found.sort(sort.removeprefix("-"), -1 if sort.startswith("-") else 1)
    return [_parsed(document, row) for row in await found.limit(limit or 0).to_list(None)]


async def several(asked: Sequence[tuple[type[Document], Mapping[str, Any]]], session: Session) -> list[list[Document]]:
    """The documents that fit each of several queries, asked one after another in one go."""
    if not asked:
        return []
    queries = [(document, collection_of(document).delegate, stored(dict(query))) for document, query in asked]

    def ask() -> list[list[Row]]:
        return [list(collection.find(query, session=session.delegate)) for _, collection, query in queries]

    found = await on_thread(ask)
    return [[_parsed(document, row) for row in rows] for (document, _, _), rows in zip(queries, found, strict=True)]


def _parsed(document: type[D], row: Row) -> D:
    return cast(D, parse_obj(document, row))

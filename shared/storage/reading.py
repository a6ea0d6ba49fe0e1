"""Documents read as the driver gives their rows: Beanie's own queries cost as much again as the statement that they send."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import chain
from typing import Any, TypeVar, cast

from beanie import Document
from beanie.odm.utils.parsing import parse_obj

from shared.storage.client import Row, Session, Storage, collection_of, on_thread, storage
from shared.storage.writes import stored

D = TypeVar("D", bound=Document)


async def one(document: type[D], document_id: Any, session: Session | None = None) -> D | None:
    """The document of that id, or None. What is asked for outside a session at the same moment is read together."""
    if session is not None:
        row = await collection_of(document).find_one({"_id": document_id}, session=session)
    else:
        row = await _row_of(document, document_id)
    return None if row is None else _parsed(document, row)


async def _row_of(document: type[Document], document_id: Any) -> Row | None:
    connected = storage()
    asked = connected.asked
    if document not in asked:
        asked[document] = {}
        task = asyncio.create_task(_read_asked(document, connected))
        connected.reading.add(task)
        task.add_done_callback(connected.reading.discard)
    read: asyncio.Future[Row | None] = asyncio.get_running_loop().create_future()
    asked[document].setdefault(document_id, []).append(read)
    return await read


async def _read_asked(document: type[Document], connected: Storage) -> None:
    """Read what was asked for before this task had its turn. Whoever asked gets a row of their own."""
    asked = connected.asked.pop(document)
    ids = list(asked)
    try:
        found = collection_of(document).find({"_id": {"$in": ids} if len(ids) > 1 else ids[0]})
        rows = {row["_id"]: row for row in await found.to_list(None)}
    except Exception as error:
        for read in chain.from_iterable(asked.values()):
            if not read.done():
                read.set_exception(error)
        return
    for document_id, reads in asked.items():
        for read in reads:
            if not read.done():
                read.set_result(deepcopy(rows.get(document_id)) if len(reads) > 1 else rows.get(document_id))


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

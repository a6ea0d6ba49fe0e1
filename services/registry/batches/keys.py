"""When each key was last used to seal what travels."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator, Sequence
from typing import Final

from services.registry.batches.documents import Batch
from services.registry.batches.records import unpack_records
from shared import clock
from shared.service import SealingKey
from shared.storage.client import collection_of, storage

TOKEN: Final = re.compile(rb'"(\w+)":"([^".]{1,64})\.[A-Za-z0-9+/=]{40,}"')
"""A sealed field in JSON: its name and the key's id."""

Dated = tuple[dt.datetime, Sequence[bytes]]
"""When something was stored, and its events as JSON. The newest comes first."""

IN_PUSHES: Final = ("for-registry", "for-insurance")
"""The rings that the gateway seals with; the registry's own facts are sealed with all but its own."""


async def last_sealed(wanted: set[SealingKey]) -> dict[SealingKey, dt.datetime]:
    """Of these keys, those that something kept was sealed with, and when the last of it was."""
    published = await _newest(_published(), {key for key in wanted if key[0] != "for-registry"})
    pushed = await _newest(_pushes(), {key for key in wanted if key[0] in IN_PUSHES})
    return {
        key: max(at for at in (published.get(key), pushed.get(key)) if at) for key in published.keys() | pushed.keys()
    }


async def _newest(kept: AsyncIterator[Dated], wanted: set[SealingKey]) -> dict[SealingKey, dt.datetime]:
    found: dict[SealingKey, dt.datetime] = {}
    if wanted:
        async for at, texts in kept:
            used = {_key(match) for text in texts for match in TOKEN.finditer(text)}
            found |= dict.fromkeys((used & wanted) - found.keys(), at)
            if wanted <= found.keys():
                break
    return found


def _key(match: re.Match[bytes]) -> SealingKey:
    name, key_id = match[1].decode(), match[2].decode()
    return (f"for-{name.removeprefix('for_')}" if name.startswith("for_") else "for-registry"), key_id


async def _published() -> AsyncIterator[Dated]:
    rows = storage().collection("outbox").find({}, {"data": 1, "published_at": 1}).sort("_id", -1)
    async for row in rows:
        yield row.get("published_at") or clock.now(), [bytes(row["data"])]


async def _pushes() -> AsyncIterator[Dated]:
    rows = collection_of(Batch).find({}, {"records": 1, "created_at": 1}).sort("_id", -1).batch_size(1)
    async for row in rows:
        yield row["created_at"], [record[4] for record in unpack_records(row["records"])]

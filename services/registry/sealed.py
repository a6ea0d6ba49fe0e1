"""When each key was last used to seal what travels: the registry seals everything, pushes at its gateway and its own facts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator, Sequence
from typing import Final

from services.registry.gateway.documents import Batch
from services.registry.gateway.records import unpack_records
from shared import clock
from shared.service import SealingKey
from shared.storage.client import collection_of, storage

TOKEN: Final = re.compile(rb'"(\w+)":"([^".]{1,64})\.[A-Za-z0-9+/=]{40,}"')
"""A sealed field in JSON: its name and the key's id."""

Kept = tuple[dt.datetime, Sequence[bytes]]
"""When something was kept, and its events as JSON. The newest comes first."""

IN_PUSHES: Final = ("for-registry", "for-insurance")
"""The rings that the gateway seals with; the registry's own facts are sealed with all but its own."""


async def last_sealed(wanted: set[SealingKey]) -> dict[SealingKey, dt.datetime]:
    """Of these keys, those that something kept was sealed with, and when the last of it was."""
    told = await _newest(_facts(), {key for key in wanted if key[0] != "for-registry"})
    pushed = await _newest(_pushes(), {key for key in wanted if key[0] in IN_PUSHES})
    return {key: max(at for at in (told.get(key), pushed.get(key)) if at) for key in told.keys() | pushed.keys()}


async def _newest(kept: AsyncIterator[Kept], wanted: set[SealingKey]) -> dict[SealingKey, dt.datetime]:
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


async def _facts() -> AsyncIterator[Kept]:
    rows = storage().collection("outbox").find({}, {"data": 1, "published_at": 1}).sort("_id", -1)
    async for row in rows:
        yield row.get("published_at") or clock.now(), [bytes(row["data"])]


async def _pushes() -> AsyncIterator[Kept]:
    rows = collection_of(Batch).find({}, {"records": 1, "created_at": 1}).sort("_id", -1).batch_size(1)
    async for row in rows:
        yield row["created_at"], [record[4] for record in unpack_records(row["records"])]

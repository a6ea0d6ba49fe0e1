"""When each key was last used to seal what a service publishes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator, Sequence
from typing import Final

from shared import clock
from shared.service import SealingKey
from shared.storage.client import storage

TOKEN: Final = re.compile(rb'"(\w+)":"([^".]{1,64})\.[A-Za-z0-9+/=]{40,}"')
"""A sealed field in JSON: its name and the key's id."""

Dated = tuple[dt.datetime, Sequence[bytes]]
"""When something was stored, and its events as JSON. The newest comes first."""


async def last_published(wanted: set[SealingKey]) -> dict[SealingKey, dt.datetime]:
    """Of these keys, those that something in the outbox was sealed with, and when the last of it was published."""
    return await newest(_published(), wanted)


async def newest(kept: AsyncIterator[Dated], wanted: set[SealingKey]) -> dict[SealingKey, dt.datetime]:
    """Of these keys, those that something that is kept was sealed with, and when the last of it was."""
    found: dict[SealingKey, dt.datetime] = {}
    if wanted:
        async for at, texts in kept:
            used = {_key(match) for text in texts for match in TOKEN.finditer(text)}
            found |= dict.fromkeys((used & wanted) - found.keys(), at)
            if wanted <= found.keys():
                break
    return found


def _key(match: re.Match[bytes]) -> SealingKey:
    """What is sealed for a ring stands in a field of its name; anything else is for the registry."""
    name, key_id = match[1].decode(), match[2].decode()
    return (name.replace("_", "-") if name.startswith("for_") else "for-registry"), key_id


async def _published() -> AsyncIterator[Dated]:
    rows = storage().collection("outbox").find({}, {"data": 1, "published_at": 1}).sort("_id", -1)
    async for row in rows:
        yield row.get("published_at") or clock.now(), [bytes(row["data"])]

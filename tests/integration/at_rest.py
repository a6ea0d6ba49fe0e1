"""What a service's database holds in clear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import zstandard

from shared.storage.client import storage

_COMPRESSED = b"\x28\xb5\x2f\xfd"


async def holding(text: str) -> list[str]:
    """The collections in which a text stands in clear, be it within bytes: outbox, timers and pushes are looked at too."""
    names = await storage().database.list_collection_names()
    return [
        name for name in sorted(names) if any([text in _all(row) async for row in storage().collection(name).find()])
    ]


def _all(row: Any) -> str:
    return "\n".join(_texts(row))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, bytes):
        raw = zstandard.ZstdDecompressor().decompress(value) if value.startswith(_COMPRESSED) else value
        yield raw.decode(errors="replace")
    else:
        yield str(value)

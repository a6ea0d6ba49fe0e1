"""Reading dossiers: the timelines of several subjects as one, the latest fact first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

from services.registry.dossier.documents import DossierEntry
from shared.storage.client import Row, collection_of

ROWS_AT_ONCE = 200
LAST = "~"
"""Sorts behind every position."""


async def read(subjects: Sequence[str], wanted: Callable[[Row], bool], before: str | None = None) -> AsyncIterator[Row]:
    """The entries of these subjects, the latest first, from behind a position on; a fact about two of them comes once."""
    streams = [_of_subject(subject, before or LAST) for subject in subjects]
    heads = [await anext(stream, None) for stream in streams]
    last = ""
    while any(head is not None for head in heads):
        newest = max((head for head in heads if head is not None), key=_position)
        index = next(number for number, head in enumerate(heads) if head is newest)
        heads[index] = await anext(streams[index], None)
        if newest["position"] != last:
            last = newest["position"]
            if wanted(newest):
                yield newest


async def _of_subject(subject: str, before: str) -> AsyncIterator[Row]:
    collection = collection_of(DossierEntry)
    while True:
        ids = {"$gt": f"{subject}|", "$lt": f"{subject}|{before}"}
        rows = await collection.find({"_id": ids}).sort("_id", -1).limit(ROWS_AT_ONCE).to_list(None)
        for row in rows:
            yield row
        if len(rows) < ROWS_AT_ONCE:
            return
        before = rows[-1]["position"]


def _position(row: Row) -> str:
    position: str = row["position"]
    return position

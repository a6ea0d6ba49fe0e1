"""Files in the database: encrypted in pieces that fit a document, stored and read with the transaction of what they belong to.

GridFS keeps its files outside of transactions and outside of what key rotation goes through, so it is not used.
"""

from __future__ import annotations

import asyncio
import base64

from beanie import Document

from shared.storage.client import Row, collection_of
from shared.storage.encryption import decrypt_field, encrypt_field
from shared.storage.transaction import Transaction

PIECE = 480 * 1024
"""Bytes of a piece: encoded and encrypted it stays under 1 MB."""


async def store_pieces(place: str, pieces: type[Document], file_id: str, content: bytes, tx: Transaction) -> int:
    """Store a file's pieces; how many there are. `pieces` is a document with `data`, encrypted at `place`.

    Encryption goes to a thread: a large file takes it long enough to be felt by everybody else.
    """
    rows = await asyncio.to_thread(_cut, place, file_id, content)
    tx.insert_rows(pieces, rows)
    return len(rows)


def delete_pieces(pieces: type[Document], file_id: str, count: int, tx: Transaction) -> None:
    """Remove a file of so many pieces."""
    for number in range(count):
        tx.delete(pieces, _piece_id(file_id, number))


async def read_pieces(place: str, pieces: type[Document], file_id: str, count: int) -> bytes:
    """The bytes of a file of so many pieces."""
    parts: list[bytes] = []
    for number in range(count):
        row = await collection_of(pieces).find_one({"_id": _piece_id(file_id, number)})
        assert row is not None
        parts.append(await asyncio.to_thread(_open, place, row))
    return b"".join(parts)


def _piece_id(file_id: str, number: int) -> str:
    return f"{file_id}:{number}"


def _cut(place: str, file_id: str, content: bytes) -> list[Row]:
    rows: list[Row] = []
    for number, at in enumerate(range(0, len(content), PIECE)):
        piece_id, piece = _piece_id(file_id, number), base64.b64encode(content[at : at + PIECE]).decode()
        rows.append({"_id": piece_id, "data": encrypt_field(place, piece_id, piece)})
    return rows


def _open(place: str, row: Row) -> bytes:
    return base64.b64decode(decrypt_field(place, row["_id"], row["data"]))

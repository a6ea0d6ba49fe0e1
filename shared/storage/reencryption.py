"""Bringing what is stored under the present keys, so that an old key can go; while the service runs.

Which fields hold such values is read off the documents' types (`EncryptedAt`, `HashedFrom`). Each value is changed only
where it still is what was read. What is done is not found again: a run that was broken off is simply run once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from beanie import Document
from pydantic import BaseModel

from shared.storage import keys
from shared.storage.client import Row, collection_of
from shared.storage.encryption import CannotOpen, EncryptedAt, HashedFrom, decrypt_field, encrypt_field, lookup_hash
from shared.storage.transaction import Transaction, transact

AT_ONCE = 20
"""Rows fetched at once: a row may hold a megabyte."""


@dataclass(frozen=True, slots=True)
class EncryptedField:
    """A field of stored documents, by its names from the document on, that holds values encrypted for a place."""

    path: tuple[str, ...]
    place: str

    @property
    def name(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class HashedField:
    """A field that holds the lookup hash of an encrypted field beside it."""

    path: tuple[str, ...]
    source: EncryptedField

    @property
    def stored(self) -> tuple[str, ...]:
        return ("_id",) if self.path == ("id",) else self.path


@dataclass(slots=True)
class Outcome:
    """What became of the values: changed, changed by somebody else meanwhile, and not to be opened with any kept key."""

    changed: int = 0
    passed_over: int = 0
    closed: int = 0


def encrypted_fields(document: type[BaseModel]) -> list[EncryptedField]:
    """Every encrypted field of a document, and of the models within it."""
    return [EncryptedField(path, mark.place) for path, mark in _marks(document) if isinstance(mark, EncryptedAt)]


def hashed_fields(document: type[BaseModel]) -> list[HashedField]:
    """Every field of a document that holds the hash of an encrypted one."""
    places = {field.path: field for field in encrypted_fields(document)}
    return [
        HashedField(path, places[(*path[:-1], mark.field)])
        for path, mark in _marks(document)
        if isinstance(mark, HashedFrom)
    ]


def _marks(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, field in model.model_fields.items():
        path = (*above, name)
        for mark in field.metadata:
            yield path, mark
        for inner in _models_in(field.annotation):
            yield from _marks(inner, path)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        for inner in _models_in(part):
            if get_origin(annotation) is dict and any(_marks(inner)):
                raise TypeError("values in a mapping have no path: keep them in a list")
            yield inner


async def reencrypt(document: type[Document]) -> Outcome:
    """Encrypt every value of a document class that an old key holds with the present one."""
    fields, outcome = encrypted_fields(document), Outcome()
    old = [key_id for key_id in keys.ring("storage").keys if key_id != keys.ring("storage").current]
    if not fields or not old:
        return outcome
    wanted = {"$or": [_under(field, old) for field in fields]}
    collection = collection_of(document)
    async for row in collection.find(wanted, _only(fields)).batch_size(AT_ONCE):
        before: Row = {}
        after: Row = {}
        for field in fields:
            for place, token in _values(row, field.path):
                if token.partition(".")[0] in old:
                    try:
                        text = decrypt_field(field.place, row["_id"], token)
                    except CannotOpen:
                        outcome.closed += 1
                        continue
                    before[place], after[place] = token, encrypt_field(field.place, row["_id"], text)
        if after:
            await _change(collection, row, before, after, outcome)
    return outcome


async def rehash(document: type[Document]) -> Outcome:
    """Give every hash beside an encrypted value the one under the present key; where it is the id, the document moves."""
    fields, outcome = hashed_fields(document), Outcome()
    if not fields or len(keys.ring("index").keys) == 1:
        return outcome
    collection = collection_of(document)
    roots = {part: 1 for field in fields for part in (field.path[0], field.source.path[0])}
    async for row in collection.find({}, roots).batch_size(AT_ONCE):
        before: Row = {}
        after: Row = {}
        for field in fields:
            tokens = _values(row, field.source.path)
            for (place, hashed), (_, token) in zip(_values(row, field.stored), tokens, strict=True):
                if not token:  # what identified somebody was taken away
                    continue
                try:
                    present = lookup_hash(field.source.place, decrypt_field(field.source.place, row["_id"], token))
                except CannotOpen:
                    outcome.closed += 1
                    continue
                if present != hashed:
                    before[place], after[place] = hashed, present
        if "_id" in after:
            await _move(document, row["_id"], after["_id"], outcome)
        elif after:
            await _change(collection, row, before, after, outcome)
    return outcome


async def _move(document: type[Document], old: str, new: str, outcome: Outcome) -> None:
    """Give a document another id, and bind its encrypted values to that."""
    collection = collection_of(document)

    async def work(tx: Transaction) -> bool:
        row = await collection.find_one({"_id": old}, session=tx.session)
        if row is None:
            return False
        if await collection.find_one({"_id": new}, {"_id": 1}, session=tx.session) is not None:
            await collection.delete_one({"_id": old}, session=tx.session)  # it is kept under both keys
            return True
        for field in encrypted_fields(document):
            for place, token in _values(row, field.path):
                if token:
                    _put(row, place, encrypt_field(field.place, new, decrypt_field(field.place, old, token)))
        await collection.delete_one({"_id": old}, session=tx.session)
        await collection.insert_one({**row, "_id": new}, session=tx.session)
        return True

    if await transact(work):
        outcome.changed += 1
    else:
        outcome.passed_over += 1


def _put(row: Any, place: str, value: str) -> None:
    """Set the value at a path in the database."""
    *way, last = place.split(".")
    for part in way:
        row = row[int(part)] if isinstance(row, list) else row[part]
    row[last] = value


async def _change(collection: Any, row: Row, before: Row, after: Row, outcome: Outcome) -> None:
    result = await collection.update_one({"_id": row["_id"], **before}, {"$set": after})
    if result.matched_count:
        outcome.changed += len(after)
    else:
        outcome.passed_over += len(after)


async def values_under(document: type[Document], key_id: str) -> int:
    """How many documents of a class hold a value under a key of the ring `storage`."""
    fields = encrypted_fields(document)
    if not fields:
        return 0
    return await collection_of(document).count_documents({"$or": [_under(field, [key_id]) for field in fields]})


def _under(field: EncryptedField, key_ids: Sequence[str]) -> Row:
    return {field.name: {"$regex": f"^(?:{'|'.join(re.escape(key_id) for key_id in key_ids)})\\."}}


def _only(fields: Sequence[EncryptedField]) -> Row:
    return {field.path[0]: 1 for field in fields}


def _values(value: Any, path: Sequence[str], above: str = "") -> Iterator[tuple[str, str]]:
    """The texts at a path, each with its path in the database, which counts the places in lists."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _values(item, path, f"{above}{index}.")
    elif not path:
        if isinstance(value, str):
            yield above.removesuffix("."), value
    elif isinstance(value, dict):
        yield from _values(value.get(path[0]), path[1:], f"{above}{path[0]}.")

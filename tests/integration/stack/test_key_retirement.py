"""Every encrypted field of every service is found and brought under the present key, wherever it stands in its document."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from beanie import Document

from shared import key_rotation
from shared.ids import new_id
from shared.storage import client, keys
from shared.storage.client import Row, collection_of
from shared.storage.encryption import decrypt_field, encrypt_field, lookup_hash
from shared.storage.reencryption import _values, encrypted_fields, hashed_fields

TEXT = "张三"
SERVICES = ("registry", "insurance", "complaints", "subsidies", "notifier")

Values = Mapping[tuple[str, ...], Callable[[], str]]


def rotated(rings: keys.KeyRings) -> keys.KeyRings:
    return {name: keys.KeyRing("k2", {**ring.keys, "k2": os.urandom(32)}) for name, ring in rings.items()}


def stored(document: type[Document]) -> Row:
    """A row of this class with a value in each of its encrypted fields, two where the field lies within another."""
    hashed = hashed_fields(document)
    by_hash = [field for field in hashed if field.stored == ("_id",)]
    row_id = lookup_hash(by_hash[0].source.place, TEXT) if by_hash else new_id()
    values: dict[tuple[str, ...], Callable[[], str]] = {
        field.path: lambda place=field.place: encrypt_field(place, row_id, TEXT)  # type: ignore[misc]
        for field in encrypted_fields(document)
    }
    values |= {
        field.path: lambda place=field.source.place: lookup_hash(place, TEXT)  # type: ignore[misc]
        for field in hashed
        if field not in by_hash
    }
    return {**_nested(values), "_id": row_id}


def _nested(values: Values) -> Row:
    row: Row = {}
    for name in dict.fromkeys(path[0] for path in values):
        within = {path[1:]: make for path, make in values.items() if path[0] == name and len(path) > 1}
        row[name] = [_nested(within), _nested(within)] if within else values[(name,)]()
    return row


def texts_in(value: Any) -> Iterator[str]:
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_in(inner)
    if isinstance(value, str):
        yield value


@pytest.mark.parametrize("name", SERVICES)
async def test_no_value_of_any_document_is_left_under_the_old_key(
    name: str, mongo_uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    service = replace(import_module(f"services.{name}.app").service, last_sealed=None)
    held = [document for document in service.documents if encrypted_fields(document)]
    rings = {ring: keys.KeyRing("k1", {"k1": os.urandom(32)}) for ring in ("storage", "index")}
    await client.connect(mongo_uri, f"test_{uuid.uuid4().hex[:12]}", service.documents, rings)
    try:
        for document in held:
            await collection_of(document).insert_one(stored(document))
        keys.use(rotated(rings))
        assert await key_rotation.run(service) == 0
        assert "storage k1: used by no value any more" in capsys.readouterr().out
        for document in held:
            [row] = await collection_of(document).find({}).to_list(None)
            assert not [text for text in texts_in(row) if text.startswith("k1.")]
            for field in encrypted_fields(document):
                opened = [decrypt_field(field.place, row["_id"], token) for _, token in _values(row, field.path)]
                assert opened
                assert set(opened) == {TEXT}
            for hashed in hashed_fields(document):
                assert {text for _, text in _values(row, hashed.stored)} == {lookup_hash(hashed.source.place, TEXT)}
    finally:
        client.disconnect()

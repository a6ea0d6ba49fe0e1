"""What of a person is left in a service's database: a walk over every collection, and what the service says may stay."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from shared.policy.parameters import parameters
from shared.storage import inventory
from shared.storage.client import collection_of, storage
from shared.storage.encryption import CannotOpen, decrypt_field
from shared.storage.reencryption import _values, encrypted_fields
from tests.harness import Harness

Found = set[tuple[str, str]]
"""Collections, each with what of the person is in it: `id`, or `texts`."""


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from (name, *_strings(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


async def remains(harness: Harness, ids: Collection[str], told: Collection[str]) -> Found:
    """What is left of a person: rows with an id of theirs, and encrypted texts in which something of what is `told` stands."""
    found: Found = set()
    for name in await storage().database.list_collection_names():
        async for row in storage().collection(name).find({}):
            if any(one in text for text in _strings(row) for one in ids):
                found.add((name, "id"))
            if any(one in text for text in _strings(row) for one in told):
                found.add((name, "clear"))
    for document in harness.process.service.documents:
        fields = encrypted_fields(document)
        async for row in collection_of(document).find({}):
            for field in fields:
                for _, token in _values(row, field.path):
                    if token and any(one in _opened(field.place, row["_id"], token) for one in told):
                        found.add((document.get_settings().name or "", "texts"))
    return found


def _opened(place: str, record_id: str, token: str) -> str:
    try:
        return decrypt_field(place, record_id, token)
    except CannotOpen:
        return ""


def undeclared(service: str, found: Found) -> list[str]:
    """What is left without a word in the service's table that it may, or whose term is no parameter."""
    kept = inventory.of_service(service) | inventory.of_chassis()
    wrong = []
    for name, what in sorted(found):
        stays = kept[name].stays
        if stays is None or (what == "texts" and stays.what != "texts") or what == "clear":
            wrong.append(f"{name}: {what}")
        elif stays.term is not None:
            parameters.unit(stays.term)
    return wrong

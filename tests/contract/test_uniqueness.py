"""What may exist once rests on the id of a document (`shared.storage.taken`), and not on an index beside it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest
from pymongo import IndexModel

from shared.service import Service
from shared.storage.indexes import INDEXES

UNIQUE: dict[str, str] = {}
"""The unique indexes there are, as `<service>.<collection>.<index>`, each with the reason why no id says the same."""

SERVICES = ("registry", "insurance", "complaints", "subsidies", "notifier")


def service_of(name: str) -> Service:
    service = import_module(f"services.{name}.app").service
    assert isinstance(service, Service)
    return service


def indexes_of(name: str) -> Iterator[tuple[str, IndexModel]]:
    """A service's indexes by collection, the chassis's own among them."""
    for collection, indexes in INDEXES.items():
        yield from ((collection, index) for index in indexes)
    for document in service_of(name).documents:
        settings = getattr(document, "Settings", None)
        for index in getattr(settings, "indexes", []):
            assert isinstance(index, IndexModel), f"{document.__name__}: an index is declared as an IndexModel"
            yield getattr(settings, "name", document.__name__), index


@pytest.mark.parametrize("name", SERVICES)
def test_an_index_is_unique_only_for_a_reason(name: str) -> None:
    unique = {
        f"{name}.{collection}.{index.document['name']}"
        for collection, index in indexes_of(name)
        if index.document.get("unique")
    }
    assert unique == {known for known in UNIQUE if known.startswith(f"{name}.")}

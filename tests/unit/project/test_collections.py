"""Every collection stands in the table of what is kept how long and by which shard key, and the table says what the code does."""

from __future__ import annotations

import ast

import pytest
from beanie import Document
from pymongo import IndexModel

from shared.storage import inventory
from shared.storage.indexes import DAY_SECONDS, INDEXES
from tests.unit.project.code import ROOT, SERVICES, modules, service

CHASSIS = ["shared"]


def name_of(document: type[Document]) -> str:
    settings = getattr(document, "Settings", None)
    return str(getattr(settings, "name", document.__name__))


def indexes_of(document: type[Document]) -> list[IndexModel]:
    return list(getattr(getattr(document, "Settings", None), "indexes", []))


def opened_by_name(folder: str) -> set[str]:
    """The collections that code below a folder opens by their names, without a document class."""
    return {
        node.args[0].value
        for tree in modules(folder).values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "collection"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


@pytest.mark.parametrize("name", SERVICES)
def test_the_table_has_every_collection_and_no_other(name: str) -> None:
    declared = {name_of(document) for document in service(name).documents}
    others = opened_by_name(f"services/{name}") - set(inventory.of_chassis())
    assert set(inventory.of_service(name)) == declared | others


def test_the_table_has_every_collection_of_the_chassis() -> None:
    assert set(inventory.of_chassis()) == opened_by_name("shared") | set(INDEXES)


@pytest.mark.parametrize("name", SERVICES)
def test_rows_go_as_the_table_says(name: str) -> None:
    """An index removes them after just so many days, and where the table names none, no index does."""
    indexes = {name_of(document): indexes_of(document) for document in service(name).documents} | INDEXES
    kept = inventory.of_service(name) | inventory.of_chassis()
    for collection, row in kept.items():
        lifetimes = [index.document.get("expireAfterSeconds") for index in indexes.get(collection, [])]
        days = [seconds / DAY_SECONDS for seconds in lifetimes if seconds is not None]
        assert days == ([row.days] if row.goes == "ttl" else []), collection


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_unique_but_ids(name: str) -> None:
    """A sharded collection keeps nothing else unique."""
    indexes = [index for document in service(name).documents for index in indexes_of(document)]
    assert not [index.document["name"] for index in indexes if index.document.get("unique")]


@pytest.mark.parametrize("name", SERVICES)
def test_grounds_name_parameters_that_exist(name: str) -> None:
    known = (ROOT / "shared" / "policy" / "retention.yaml").read_text("utf-8")
    for row in inventory.of_service(name).values():
        for word in row.ground.replace(",", " ").replace(";", " ").split():
            assert not word.startswith("retention.") or f"{word}:" in known


@pytest.mark.parametrize("name", SERVICES)
def test_the_operators_page_shows_the_table(name: str) -> None:
    page = (ROOT / "deploy" / "mongodb.md").read_text("utf-8")
    assert "\n".join(inventory.table(inventory.of_service(name))) in page


def test_the_operators_page_shows_what_all_services_keep() -> None:
    page = (ROOT / "deploy" / "mongodb.md").read_text("utf-8")
    assert "\n".join(inventory.table(inventory.of_chassis())) in page

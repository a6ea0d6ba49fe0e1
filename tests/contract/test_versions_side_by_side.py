"""During an upgrade two versions run side by side: neither trips over what the other tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shared.contracts import catalogue
from shared.contracts.base import json_schema

GOLDEN = Path(__file__).parent / "golden"


def said(name: str) -> dict[str, Any]:
    """An event's data as the version that is published tells it."""
    found: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))["value"]
    return found


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object that a schema describes."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for inner in schema:
            yield from objects(inner)


@pytest.mark.parametrize("name", sorted(catalogue))
def test_what_a_newer_version_adds_is_passed_over(name: str) -> None:
    """At the top, and within."""
    fact, data = catalogue[name], said(name)
    newer = json.dumps({**data, "added_later": {"by": ["a newer version"]}}).encode()
    assert msgspec.json.decode(newer, type=fact) == msgspec.json.decode(json.dumps(data).encode(), type=fact)
    assert all(one.get("additionalProperties", True) is True for one in objects(json_schema(fact)))


@pytest.mark.parametrize("name", sorted(catalogue))
def test_what_an_older_version_does_not_tell_has_a_default(name: str) -> None:
    """Whatever is not required may have been added after the older version: without any of it, the event is one."""
    fact, data = catalogue[name], said(name)
    required = json_schema(fact).get("required", [])
    older = {field: value for field, value in data.items() if field in required}
    decoded = msgspec.json.decode(json.dumps(older).encode(), type=fact)
    told = json.loads(msgspec.json.encode(decoded))
    assert {field: told[field] for field in required} == {field: data[field] for field in required}

"""The published language holds: committed schemas, the AsyncAPI document, and messages of the past."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shared.contracts import catalogue
from shared.contracts.__main__ import ASYNCAPI, asyncapi_text, in_code, published
from shared.contracts.compatibility import compare
from shared.contracts.platform import NATURAL_KEY, platform_of, record_key
from shared.messaging.envelope import decode

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
AGAIN = "run `python -m shared.contracts` and commit what it writes"


def test_no_event_breaks_what_is_published() -> None:
    breaks = [str(change) for change in compare(published(), in_code()) if change.kind == "break"]
    assert not breaks, f"publish a new version of the event beside the old one: {breaks}"


def test_everything_in_the_code_is_published() -> None:
    additions = [str(change) for change in compare(published(), in_code()) if change.kind == "addition"]
    assert not additions, f"{AGAIN}: {additions}"


def test_the_asyncapi_document_is_that_of_the_code() -> None:
    assert ASYNCAPI.read_text("utf-8") == asyncapi_text(), AGAIN


def test_there_is_a_message_of_the_past_for_every_event_type() -> None:
    assert {path.stem for path in GOLDEN} == set(catalogue)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_message_of_the_past_is_read_as_it_was_meant(path: Path) -> None:
    message = json.loads(path.read_text("utf-8"))
    fact = catalogue[path.stem]
    headers = [(name, value.encode()) for name, value in message["headers"].items()]
    event = decode(fact, headers, json.dumps(message["value"]).encode())
    assert event.type == path.stem
    assert event.source == message["headers"]["ce_source"]
    assert fact.TOPIC.name == message["topic"]
    key = record_key(platform_of(event.source), event.data) if fact in NATURAL_KEY else event.data.key()
    assert key == message["key"]
    assert_holds(json.loads(msgspec.json.encode(event.data)), message["value"])


def assert_holds(now: Any, then: Any) -> None:
    """Every field of the message is still there with its value; fields that came later may stand beside them."""
    if isinstance(then, dict):
        assert then.keys() <= now.keys()
        for name, value in then.items():
            assert_holds(now[name], value)
    else:
        assert now == then

"""What counts as a break of a published schema, on events that do not exist."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import __main__ as publishing
from shared.contracts.compatibility import compare

NAME = "cn.deyang.test.thing.happened.v1"


def described() -> dict[str, Any]:
    """An event as it is published, with one field of every sort."""
    number = {"type": "string", "minLength": 1, "maxLength": 128}
    paper = {
        "type": "object",
        "properties": {"number": dict(number), "kind": {"enum": ["a", "b"]}},
        "required": ["number"],
    }
    properties = {
        "thing_id": number,
        "amount": {"type": "string", "pattern": r"^\d+\.\d{2}$"},
        "state": {"enum": ["open", "closed"]},
        "on": {"type": "string", "format": "date"},
        "count": {"type": "integer", "minimum": 0},
        "paper": {"anyOf": [{"$ref": "#/$defs/Paper"}, {"type": "null"}]},
        "papers": {"type": "array", "items": {"$ref": "#/$defs/Paper"}},
        "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"enum": ["a", "b"]}], "items": False},
        "note": {"type": "string"},
    }
    data = {
        "type": "object",
        "description": "A thing.",
        "properties": properties,
        "required": [name for name in properties if name != "note"],
        "$defs": {"Paper": paper},
    }
    return {"type": NAME, "topic": "test.thing", "key": ["thing_id"], "data": data}


def differences(new: dict[str, Any]) -> list[tuple[str, str]]:
    return [(change.kind, str(change)) for change in compare({NAME: described()}, {NAME: new})]


def changed(path: str, value: Any) -> dict[str, Any]:
    """The event with one part of its schema put otherwise; None takes it away."""
    event = copy.deepcopy(described())
    *way, last = path.split("/")
    place: Any = event
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is None:
        del place[last]
    elif isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return event


def test_the_same_schema_is_no_change() -> None:
    assert differences(described()) == []


PROPERTIES = "data/properties"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("topic", "test.other", "its topic was 'test.thing' and is 'test.other'"),
        ("key", ["other_id"], "its key was ['thing_id'] and is ['other_id']"),
        (f"{PROPERTIES}/count", None, "count: the field was removed"),
        (f"{PROPERTIES}/note", None, "note: the field was removed"),
        (f"{PROPERTIES}/count", {"type": "string"}, "count: it was integer and is string"),
        (f"{PROPERTIES}/count", {"type": "number", "minimum": 0}, "count: it was integer and is number"),
        (f"{PROPERTIES}/on/format", "date-time", "on: it was string of format date and is string of format date-time"),
        (f"{PROPERTIES}/state", {"type": "string"}, "state: it was one of fixed values and is string"),
        (f"{PROPERTIES}/state/enum", ["open"], "state: the values ['closed'] were removed"),
        (f"{PROPERTIES}/paper/anyOf", [{"$ref": "#/$defs/Paper"}], "paper: it was null or object and is object"),
        (
            f"{PROPERTIES}/note/anyOf",
            [{"type": "string"}, {"type": "null"}],
            "note: it was string and is null or string",
        ),
        (f"{PROPERTIES}/papers/items", {"type": "string"}, "papers[]: it was object and is string"),
        (f"{PROPERTIES}/pair/prefixItems/1", {"enum": ["a"]}, "pair[1]: the values ['b'] were removed"),
        (f"{PROPERTIES}/pair/prefixItems", [{"type": "string"}], "pair[]: it had 2 places and has 1"),
        ("data/$defs/Paper/properties/number", None, "paper.number: the field was removed"),
        ("data/$defs/Paper/required", ["number", "kind"], "papers[].kind: the field is required now"),
        ("data/required/0", "note", "note: the field is required now"),
        ("data/required/0", "note", "thing_id: the field is not required any more"),
        (f"{PROPERTIES}/thing_id/maxLength", 64, "thing_id: its maxLength was 128 and is 64"),
        (f"{PROPERTIES}/note/maxLength", 10, "note: its maxLength was None and is 10"),
        (f"{PROPERTIES}/count/minimum", 1, "count: its minimum was 0 and is 1"),
        (f"{PROPERTIES}/amount/pattern", r"^\d+$", "amount: its pattern was"),
        (f"{PROPERTIES}/papers/uniqueItems", True, "papers: its uniqueItems was None and is True"),
        (f"{PROPERTIES}/pair/items", {"type": "string"}, "pair[]: its items were False"),
        ("data/additionalProperties", False, f"{NAME}: its additionalProperties was None and is False"),
    ],
)
def test_what_takes_away_from_the_published_is_a_named_break(path: str, value: Any, message: str) -> None:
    breaks = [text for kind, text in differences(changed(path, value)) if kind == "break"]
    assert [text for text in breaks if message in text], breaks
    assert all(text.startswith(NAME) for text in breaks)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (f"{PROPERTIES}/place", {"type": "string"}, "place: the optional field is new"),
        (f"{PROPERTIES}/state/enum", ["open", "closed", "paused"], "state: the values ['paused'] are new"),
        (f"{PROPERTIES}/thing_id/maxLength", 256, "thing_id: its maxLength was 128 and is 256"),
        (f"{PROPERTIES}/thing_id/maxLength", None, "thing_id: its maxLength was 128 and is None"),
        ("data/description", "A thing, told better.", "its description changed"),
    ],
)
def test_what_adds_is_no_break_but_must_be_published(path: str, value: Any, message: str) -> None:
    assert differences(changed(path, value)) == [
        ("addition", f"{NAME} {message}" if ":" in message else f"{NAME}: {message}")
    ]


def test_a_new_required_field_is_a_break() -> None:
    event = changed(f"{PROPERTIES}/place", {"type": "string"})
    event["data"]["required"].append("place")
    [(kind, text)] = differences(event)
    assert kind == "break"
    assert "place: the field is new and required" in text


def test_an_event_type_may_come_but_not_go() -> None:
    assert [change.kind for change in compare({}, {NAME: described()})] == ["addition"]
    assert [change.kind for change in compare({NAME: described()}, {})] == ["break"]


def test_a_definition_that_only_changes_its_name_is_no_break() -> None:
    text = json.dumps(described()).replace("Paper", "Document")
    assert [kind for kind, _ in differences(json.loads(text))] in ([], ["addition"])


def test_a_break_is_not_published_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "SCHEMAS", tmp_path / "schemas")
    monkeypatch.setattr(publishing, "ASYNCAPI", tmp_path / "asyncapi.json")
    monkeypatch.setattr(publishing, "in_code", lambda: {NAME: described()})
    assert publishing.main() == 0
    before = publishing.published()
    monkeypatch.setattr(publishing, "in_code", lambda: {NAME: changed("topic", "test.other")})
    assert publishing.main() == 1
    assert publishing.published() == before == {NAME: described()}

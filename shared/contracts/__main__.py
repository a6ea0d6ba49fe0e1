"""`python -m shared.contracts`: publish the schemas of the events, unless that would break what is published.

Writes `shared/contracts/schemas/<type>.json`, one for each event type, and `shared/contracts/asyncapi.json`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from shared.contracts import Fact, catalogue, json_schema
from shared.contracts.compatibility import Change, compare
from shared.web.asyncapi import asyncapi

FOLDER = Path(__file__).parent
SCHEMAS, ASYNCAPI = FOLDER / "schemas", FOLDER / "asyncapi.json"


def describe(fact: type[Fact]) -> dict[str, Any]:
    """An event type as it is published: its topic, the fields of its key, and the JSON Schema of its data."""
    return {"type": fact.TYPE, "topic": fact.TOPIC.name, "key": list(fact.KEY), "data": json_schema(fact)}


def in_code() -> dict[str, Any]:
    """Every event type as the code has it."""
    return json.loads(_text({name: describe(fact) for name, fact in catalogue.items()}))  # type: ignore[no-any-return]


def published() -> dict[str, Any]:
    """Every event type as it is committed."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.json")}


def asyncapi_text() -> str:
    """The AsyncAPI document as it is committed."""
    return _text(asyncapi())


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def publish() -> list[Change]:
    """Write what the code has, and say what changed; where that would break what is published, nothing is written."""
    now = in_code()
    changes = compare(published(), now)
    if not any(change.kind == "break" for change in changes):
        SCHEMAS.mkdir(exist_ok=True)
        for name, description in now.items():
            (SCHEMAS / f"{name}.json").write_text(_text(description), "utf-8")
        ASYNCAPI.write_text(asyncapi_text(), "utf-8")
    return changes


def main() -> int:
    changes = publish()
    for change in changes:
        print(f"{change.kind}: {change}")
    if any(change.kind == "break" for change in changes):
        print("Nothing was written: publish a new version of the event beside the old one.")
        return 1
    print(f"{len(catalogue)} event types published")
    return 0


if __name__ == "__main__":
    sys.exit(main())

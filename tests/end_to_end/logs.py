"""What went into a run of people, and whether any program wrote it into its log."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, quote_plus

PERSONAL: Final = frozenset({
    "id_number", "name", "phone", "contact_phone", "holder", "number", "account", "address", "place", "description",
    "text", "reason", "reason_zh", "note", "note_zh", "words", "opinion", "record", "cause_zh", "injury", "diagnosis",
})  # fmt: skip
"""The fields of what is pushed and posted that say who somebody is, how to reach and to pay them, or what they wrote."""
SHORTEST: Final = 3
"""What is shorter is found in any line."""


def personal(value: Any, *, within: bool = False) -> Iterator[str]:
    """Every text that stands, at any depth, in a field that says something of a person."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from personal(item, within=within or name in PERSONAL)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from personal(item, within=within)
    elif within and isinstance(value, str) and len(value) >= SHORTEST:
        yield value


def leaks(directory: Path, values: Collection[str]) -> list[str]:
    """The lines of the logs of a stack in `directory` in which one of these stands: in clear, escaped, or as part of an address."""
    forms = {form for one in values for form in (one, json.dumps(one)[1:-1], quote(one), quote_plus(one))}
    files = sorted((directory / "logs").glob("*.log"))
    assert files, f"no program of {directory} has written a log"
    return [
        f"{file.name}: {line.strip()[:300]}"
        for file in files
        for line in file.read_text("utf-8", errors="replace").splitlines()
        if any(form in line for form in forms)
    ]

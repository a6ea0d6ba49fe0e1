"""Key rings: named sets of symmetric keys, each key with an id, one of them current.

A service is given only the rings that it may use: `storage` and `index` are its own; `for-<service>` opens what travels
sealed for that service.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path


class UnknownKey(LookupError):
    """No ring, or no key in it, of that name: this process is not meant to open the value."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id; new values are encrypted with `current`, older ones open as long as their key is kept.

    `since`: the day from which on `current` is in use, where the key file says so.
    """

    current: str
    keys: dict[str, bytes]
    since: dt.date | None = None

    def key(self, key_id: str) -> bytes:
        try:
            return self.keys[key_id]
        except KeyError:
            raise UnknownKey(f"no key {key_id} in this ring") from None


KeyRings = dict[str, KeyRing]


def read(path: Path) -> KeyRings:
    """Read a key file: `{"rings": {name: {"current": id, "since": "2026-11-01", "keys": {id: base64 of 32 bytes}}}}`.

    `since` may be left out: then nobody is reminded to replace the key.
    """
    rings: KeyRings = {}
    for name, ring in json.loads(path.read_text("utf-8"))["rings"].items():
        keys = {key_id: base64.b64decode(text, validate=True) for key_id, text in ring["keys"].items()}
        if any(len(key) != 32 for key in keys.values()):
            raise ValueError(f"ring {name}: keys are 32 bytes")
        if ring["current"] not in keys:
            raise ValueError(f"ring {name}: its current key is missing")
        since = dt.date.fromisoformat(ring["since"]) if "since" in ring else None
        rings[name] = KeyRing(ring["current"], keys, since)
    return rings


_rings: KeyRings = {}


def use(rings: KeyRings) -> None:
    """Make these the rings of this process."""
    global _rings
    _rings = rings


def names() -> list[str]:
    """The rings of this process."""
    return sorted(_rings)


def ring(name: str) -> KeyRing:
    try:
        return _rings[name]
    except KeyError:
        raise UnknownKey(f"this service does not hold the ring {name}") from None

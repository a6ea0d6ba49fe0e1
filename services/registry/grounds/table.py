"""Which events open and close which ground, read from `grounds.yaml` when the service starts; a row that cannot work stops it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from services.registry.grounds.rules import Effect, Heard, Kind
from shared.contracts import catalogue
from shared.contracts.base import Fact

FILE = Path(__file__).with_name("grounds.yaml")
PREFIX = "cn.deyang."


def read(text: bytes) -> dict[str, Kind]:
    """The grounds by name. Raises ValueError where an event or a field is not there."""
    kinds = msgspec.yaml.decode(text, type=dict[str, Kind])
    wrong = [f"{name}: {fault}" for name, kind in kinds.items() for one in kind.heard for fault in _faults(kind, one)]
    if wrong:
        raise ValueError("; ".join(wrong))
    return kinds


def _faults(kind: Kind, heard: Heard) -> list[str]:
    fact = catalogue.get(PREFIX + heard.event)
    if fact is None:
        return [f"there is no event {heard.event}"]
    fields = set(fact.__struct_fields__)
    return [
        f"{heard.event} has no {one}" for one in sorted({kind.matter, "worker_id", *heard.when, *heard.unless} - fields)
    ]


KINDS: Mapping[str, Kind] = read(FILE.read_bytes())

FACTS: tuple[type[Fact], ...] = tuple(
    catalogue[name] for name in sorted({PREFIX + one.event for kind in KINDS.values() for one in kind.heard})
)
"""The types of event that are heard."""


def effects_of(fact: Any) -> list[Effect]:
    """What an event does to grounds of the person whom it names, or whom earlier events of the matter named."""
    found = []
    for name, kind in KINDS.items():
        does = kind.does(fact.TYPE.removeprefix(PREFIX), fact)
        if does is not None:
            matter, worker = getattr(fact, kind.matter), fact.worker_id
            if kind.each and worker is None:
                continue
            found.append(Effect(name, f"{matter}:{worker}" if kind.each else matter, worker, does))
    return found

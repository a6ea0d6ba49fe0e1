"""What a dossier holds, read from `contents.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import yaml

from shared.contracts import Fact, catalogue

PREFIX = "cn.deyang."


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a dossier: its Chinese title, and the article whose departments may read it."""

    title: str
    article: str


@dataclass(frozen=True, slots=True)
class Kind:
    """An event in a dossier: the section that it stands in, and its Chinese title."""

    section: str
    title: str


def _read() -> tuple[dict[str, Section], dict[str, Kind]]:
    raw = yaml.safe_load(Path(__file__).with_name("contents.yaml").read_text("utf-8"))
    sections = {name: Section(part["title"], str(part["article"])) for name, part in raw["sections"].items()}
    kinds = {PREFIX + name: Kind(*entry) for name, entry in raw["events"].items()}
    if unknown := {kind.section for kind in kinds.values()} - sections.keys():
        raise ValueError(f"unknown sections: {sorted(unknown)}")
    return sections, kinds


_sections, _kinds = _read()
SECTIONS: Mapping[str, Section] = MappingProxyType(_sections)
KINDS: Mapping[str, Kind] = MappingProxyType(_kinds)

FACTS: tuple[type[Fact], ...] = tuple(catalogue[name] for name in KINDS)
"""The types of event that are gathered."""

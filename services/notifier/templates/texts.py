"""The texts: templates as the gateway has them, and the titles of app pushes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template

import yaml

SIGNATURE = "德阳人社"
"""Who the messages come from, as it is filed with the SMS gateway."""

_FOLDER = Path(__file__).parent


def _read(name: str) -> dict[str, str]:
    return {str(code): str(text) for code, text in yaml.safe_load((_FOLDER / name).read_text("utf-8")).items()}


TEMPLATES = _read("templates.yaml")
TITLES = _read("titles.yaml")
if TEMPLATES.keys() != TITLES.keys():
    raise ValueError(f"templates and titles differ: {sorted(TEMPLATES.keys() ^ TITLES.keys())}")


def places(template: str) -> set[str]:
    """The names of the places in a template; KeyError for one that does not exist."""
    return set(Template(TEMPLATES[template]).get_identifiers())


def text_of(template: str, params: Mapping[str, str]) -> str:
    """The text without the signature. A place that is not known yet stays as it is."""
    return Template(TEMPLATES[template]).safe_substitute(params)

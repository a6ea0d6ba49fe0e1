"""The table of words by which a complaint is put into a category: data, read and checked once."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import msgspec
import yaml

from shared.contracts.complaints import Category

KEYWORDS: Final[dict[Category, tuple[str, ...]]] = msgspec.convert(
    yaml.safe_load((files(__package__) / "keywords.yaml").read_text("utf-8")), dict[Category, tuple[str, ...]]
)

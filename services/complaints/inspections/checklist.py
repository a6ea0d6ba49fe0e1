"""What an inspection looks at: data, read and checked once."""

from __future__ import annotations

from collections.abc import Collection
from importlib.resources import files
from typing import Final

import msgspec


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to look at: the article that it serves, its Chinese title, and the law that it rests on."""

    article: str
    title: str
    basis: str


CHECKLIST: Final = msgspec.yaml.decode((files(__package__) / "checklist.yaml").read_bytes(), type=dict[str, Item])

ARTICLES: Final = frozenset(item.article for item in CHECKLIST.values())


def items_of(articles: Collection[str]) -> list[str]:
    """The codes of what is looked at under these articles."""
    return [code for code, item in CHECKLIST.items() if item.article in articles]

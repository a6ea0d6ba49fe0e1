"""The table of kinds of leads, and of what a person must judge: data, read and checked once."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import msgspec
import yaml

from shared.contracts.complaints.leads import LeadKind


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What leads of a kind are called, and the article of 德人社发〔2022〕95号 whose departments they go to."""

    title: str
    article: str


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person must judge, in Chinese and English."""

    zh: str
    en: str


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kinds: dict[LeadKind, Kind]
    to_judge: dict[str, Question]


_TABLE: Final = msgspec.convert(yaml.safe_load((files(__package__) / "kinds.yaml").read_text("utf-8")), Table)
KINDS: Final = _TABLE.kinds
QUESTIONS: Final = _TABLE.to_judge

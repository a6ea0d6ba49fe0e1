"""Model texts of contracts and written agreements, by trade and version (德人社发〔2022〕95 号 art. 3).

Each is a file `models/<code>.<version>.md`: a head between `---` lines, then the text. A text that has been published is
never changed; what is to be said otherwise is a new version, and what it changes is shown beside the one before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel

from shared.contracts.platform import Industry
from shared.contracts.registry import PaperKind

FOLDER: Final = Path(__file__).parent / "models"


class Model(BaseModel):
    """A model text; `industries` are the trades that it is written for, empty for any."""

    code: str
    version: int
    title: str
    kind: PaperKind
    industries: list[Industry]
    published_on: dt.date
    text: str


@cache
def models() -> dict[tuple[str, int], Model]:
    """Every model text by code and version."""
    found: dict[tuple[str, int], Model] = {}
    for file in sorted(FOLDER.glob("*.md")):
        code, _, version = file.stem.rpartition(".")
        _, head, text = file.read_text(encoding="utf-8").split("---\n", 2)
        found[code, int(version)] = Model(code=code, version=int(version), text=text.strip(), **yaml.safe_load(head))
    return found


def model_of(code: str, version: int) -> Model | None:
    return models().get((code, version))


def versions(code: str) -> list[Model]:
    """Every version of a model text, the first one first; empty where there is no such text."""
    return sorted((model for model in models().values() if model.code == code), key=lambda model: model.version)


class Change(BaseModel):
    """Paragraphs that one version has in place of another's: nothing in `before` is new, nothing in `after` is gone."""

    section: str | None
    before: list[str]
    after: list[str]


def changes(before: str, after: str) -> list[Change]:
    """What a text says otherwise than an earlier one, paragraph by paragraph; `section` is the heading that it stands under."""
    old, new = _paragraphs(before), _paragraphs(after)
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        Change(section=_heading(new, start), before=old[first:last], after=new[start:end])
        for kind, first, last, start, end in found
        if kind != "equal"
    ]


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _heading(paragraphs: Sequence[str], at: int) -> str | None:
    headings = [line for line in paragraphs[: at + 1] if line.startswith("#")]
    return headings[-1].lstrip("# ") if headings else None

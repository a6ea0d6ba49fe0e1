"""Model texts of contracts and written agreements, by trade and version (德人社发〔2022〕95 号 art. 3).

Each is a file `models/<code>.<version>.md`: a head between `---` lines, then the text. A text that has been published is
never changed; what is to be said otherwise is a new version.
"""

from __future__ import annotations

import datetime as dt
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

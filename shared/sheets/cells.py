"""What a cell of a sheet says. A number that a spreadsheet keeps is read where nothing of it is lost; what lost digits is refused
and never repaired."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

Cell = str | float | int | bool | dt.date | dt.time | dt.timedelta | None

EXACT = 10**15
"""Below this a spreadsheet's number has all of its digits."""
WHOLE = re.compile(r"([0-9]+)\.0+")
FORMULA = re.compile(r"[\t\r]|[\s\x00-\x1f]*[=+\-@＝＋－＠]")
"""What a spreadsheet takes for a formula: a sign of one at the beginning, also behind blanks, also as wide as a hanzi."""
ROUNDED = re.compile(r"[0-9]+(\.[0-9]+)?[eE]\+?[0-9]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, which is not repeated."""

    cell: str
    zh: str
    en: str


class NotReadable(Exception):
    """A sheet that is refused as a whole: kind, and why in Chinese and English."""

    def __init__(self, kind: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.kind, self.zh, self.en = kind, zh, en


def cell_name(column: int, line: int) -> str:
    """`C17` of the column counted from 0 and the line counted from 1."""
    letters, rest = "", column + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(ord("A") + last) + letters
    return f"{letters}{line}"


def text_of(cell: Cell) -> str | None:
    """What a cell says, or None where its number has lost digits, or it is no text at all (a day, a truth)."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return str(int(cell)) if abs(cell) < EXACT and cell == int(cell) else None
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    if ROUNDED.fullmatch(text):
        return None
    whole = WHOLE.fullmatch(text)
    return whole[1] if whole else text

"""What a department's record says, and what is wrong with a row of its sheet: pure functions over values.

`record`: it is on file, or on file with other contents. `withdraw`: its department takes it back; recorded again it stands again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.contracts.registry import DepartmentRecordKind
from shared.errors import RuleBroken
from shared.identity import uscc
from shared.sheets.cells import FORMULA, Cell, Fault, NotReadable, cell_name, text_of
from shared.states import Machine

State = Literal["none", "recorded", "withdrawn"]
Move = Literal["record", "withdraw"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("none", "record"): "recorded",
    ("recorded", "record"): "recorded",
    ("withdrawn", "record"): "recorded",
    ("recorded", "withdraw"): "withdrawn",
}

STATES: Machine[State, Move, State] = Machine(
    "department record", MOVES, kind="department-record-state", zh="该部门信息已撤回"
)

KINDS: Final[Mapping[str, DepartmentRecordKind]] = {
    "行政许可": "permit",
    "行政处罚": "penalty",
    "抽查检查结果": "inspection",
}
"""As a sheet names them, after art. 11."""

COLUMNS: Final = ("统一社会信用代码", "类别", "文号", "机关", "日期", "内容")
"""The headings of a sheet."""

MOST_ROWS: Final = 2000
LONGEST_NUMBER: Final = 100
LONGEST_AUTHORITY: Final = 100
LONGEST_TEXT: Final = 1000
EARLIEST: Final = dt.date(1950, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A record as its department says it. `number` is the document's; `text` what it says, as the department words it."""

    uscc: str
    kind: DepartmentRecordKind
    number: str
    authority: str
    decided_on: dt.date
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet, by its line: what it says, or what is wrong with it."""

    line: int
    said: Said | None
    faults: tuple[Fault, ...]


def key(department: str, said: Said) -> str:
    """The id of a record: one for each document of a department."""
    return hashlib.sha256(f"{department}|{said.kind}|{said.number}".encode()).hexdigest()[:32]


def check(said: Said, today: dt.date) -> None:
    """Raise RuleBroken where a record is dated after today."""
    if said.decided_on > today:
        raise RuleBroken("not-decided-yet", "日期不能晚于今天", "the day has not come yet")


def read(lines: Sequence[Sequence[Cell]], today: dt.date) -> list[Row]:
    """The rows below the heading; raises NotReadable where a column is missing."""
    if not lines:
        raise NotReadable("sheet-empty", "表格为空", "the sheet is empty")
    headings = [text_of(cell) or "" for cell in lines[0]]
    for name in COLUMNS:
        if name not in headings:
            raise NotReadable("sheet-columns", f"表格缺少列：{name}", f"the sheet lacks a column: {name}")
    columns = [headings.index(name) for name in COLUMNS]
    rows = enumerate(lines[1:], 2)
    return [_row(number, line, columns, today) for number, line in rows if any(cell not in (None, "") for cell in line)]


def _row(number: int, line: Sequence[Cell], columns: Sequence[int], today: dt.date) -> Row:
    cells = [line[column] if column < len(line) else None for column in columns]
    texts = [text_of(cell) or "" for cell in cells]
    code, kind = _code(texts[0]), KINDS.get(texts[1])
    decided_on = _day(texts[4])
    wrong = [
        ("不是有效的统一社会信用代码", "not a unified social credit code") if code is None else None,
        (f"应为：{'、'.join(KINDS)}", "none of the three kinds") if kind is None else None,
        _length(texts[2], LONGEST_NUMBER),
        _length(texts[3], LONGEST_AUTHORITY),
        ("应为不晚于今天的日期，如2026-09-01", "no day up to today, such as 2026-09-01")
        if decided_on is None or not EARLIEST <= decided_on <= today
        else None,
        _length(texts[5], LONGEST_TEXT),
    ]
    faults = tuple(
        Fault(cell_name(column, number), *why) for column, why in zip(columns, wrong, strict=True) if why is not None
    )
    if faults or code is None or kind is None or decided_on is None:
        return Row(number, None, faults)
    said = Said(uscc=code, kind=kind, number=texts[2], authority=texts[3], decided_on=decided_on, text=texts[5])
    return Row(number, said, ())


def _code(text: str) -> str | None:
    try:
        return uscc.parse(text)
    except uscc.InvalidUscc:
        return None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError:
        return None


def _length(text: str, most: int) -> tuple[str, str] | None:
    if not 0 < len(text) <= most:
        return f"应为1至{most}个字", f"not one to {most} characters"
    if FORMULA.match(text):
        return "不能以公式符号开头", "begins like a formula"
    return None

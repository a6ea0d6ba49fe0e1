"""What the rows of a sheet of applications say: each is answered by its cells, and a bad one stops no good one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from shared.sheets.cells import FORMULA, Cell, Fault, NotReadable, cell_name, text_of

MOST_ROWS: Final = 20_000
LONGEST: Final = 128

Says = Literal["worker", "name", "account", "bank_code", "month", "day", "count", "text"]
"""What a column says: a worker's id, a name, an account, a bank's 12 digits, a legal month or day, a number, or a text."""

PATTERNS: Final[Mapping[Says, re.Pattern[str]]] = {
    "worker": re.compile(r"[0-9A-Za-z-]{3,64}"),
    "account": re.compile(r"[0-9]{8,30}"),
    "bank_code": re.compile(r"[0-9]{12}"),
    "month": re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])"),
    "count": re.compile(r"[0-9]{1,6}"),
}
WRONG: Final[Mapping[Says, tuple[str, str]]] = {
    "worker": ("不是人员编号", "not a worker's id"),
    "name": ("不是姓名", "not a name"),
    "account": ("银行账号应为8至30位数字", "an account is 8 to 30 digits"),
    "bank_code": ("联行号应为12位数字", "the code of a bank is 12 digits"),
    "month": ("月份应为 2026-09 的形式", "a month is written as 2026-09"),
    "day": ("日期应为 2026-09-30 的形式", "a day is written as 2026-09-30"),
    "count": ("应为整数", "not a whole number"),
    "text": ("内容有误或过长", "not a text, or too long"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the form: its heading, the field that it fills, what it says, and whether each row must fill it."""

    heading: str
    field: str
    says: Says
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """The columns of the sheet for one kind of application."""

    kind: str
    columns: tuple[Column, ...]


PERSON: Final = (
    Column("人员编号", "worker_id", "worker"),
    Column("收款户名", "payee_name", "name"),
    Column("银行账号", "payee_account", "account"),
    Column("开户行", "payee_bank", "text", needed=False),
    Column("联行号", "payee_bank_code", "bank_code", needed=False),
)
"""Who applies, and whose account is paid into."""

FORMS: Final[Mapping[str, Form]] = {
    one.kind: one
    for one in (
        Form("training", (*PERSON, Column("证书编号", "certificate_number", "text"))),
        Form(
            "flexible", (*PERSON, Column("起始月份", "first_month", "month"), Column("截止月份", "last_month", "month"))
        ),
    )
}
"""The kinds that are applied for by a sheet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A row that says everything, in its line of the sheet (2 is the first below the heading)."""

    line: int
    cell: str
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be used, with every bad cell of it."""

    line: int
    faults: tuple[Fault, ...]


def read(lines: Sequence[Sequence[Cell]], form: Form) -> list[Asked | Refused]:
    """What each row below the heading says; raises NotReadable where the sheet is empty or lacks a column."""
    if len(lines) < 2:
        raise NotReadable("sheet-empty", "表格为空", "the sheet is empty")
    headings = [text_of(cell) or "" for cell in lines[0]]
    lacking = [one.heading for one in form.columns if one.needed and one.heading not in headings]
    if lacking or len(set(filter(None, headings))) < len([one for one in headings if one]):
        wanted = "、".join(lacking) or "列名重复"
        raise NotReadable(
            "sheet-columns", f"表格缺少列或列名重复：{wanted}", "the sheet lacks columns, or has one twice"
        )
    places = {one: headings.index(one.heading) for one in form.columns if one.heading in headings}
    found: list[Asked | Refused] = []
    first: dict[tuple[str, ...], str] = {}
    for number, line in enumerate(lines[1:], 2):
        if all(cell is None or cell == "" for cell in line):
            continue
        row = _row(number, line, places)
        if isinstance(row, Asked):
            same = tuple(f"{name}={value}" for name, value in sorted(row.values.items()))
            if same in first:
                zh, en = f"与{first[same]}行内容相同，只提交一次", f"the same as {first[same]}, submitted once"
                row = Refused(number, (Fault(row.cell, zh, en),))
            else:
                first[same] = row.cell
        found.append(row)
    return found


def _row(number: int, line: Sequence[Cell], places: Mapping[Column, int]) -> Asked | Refused:
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for column, place in places.items():
        text = text_of(line[place]) if place < len(line) else ""
        fault = _fault(column, text)
        if fault is not None:
            faults.append(Fault(cell_name(place, number), *fault))
        elif text:
            values[column.field] = text
    if faults:
        return Refused(number, tuple(faults))
    return Asked(number, cell_name(min(places.values()), number), values)


def _fault(column: Column, text: str | None) -> tuple[str, str] | None:
    """What is wrong with the text of a cell (None: a number that lost digits, or no text at all)."""
    if text == "":
        return ("该项未填写", "nothing stands here") if column.needed else None
    pattern = PATTERNS.get(column.says)
    if text is None or len(text) > LONGEST or FORMULA.match(text):
        return WRONG[column.says]
    if pattern is not None and not pattern.fullmatch(text):
        return WRONG[column.says]
    return WRONG["day"] if column.says == "day" and not _is_day(text) else None


def _is_day(text: str) -> bool:
    try:
        return len(text) == len("2026-09-30") and dt.date.fromisoformat(text).year >= 2000
    except ValueError:
        return False

"""What the rows of an employer's sheet say: whom it employs, and since when. A bad row stops no good one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from shared.identity.resident_id import InvalidResidentId, parse
from shared.sheets.cells import FORMULA, Cell, Fault, NotReadable, cell_name, text_of

MOST_ROWS: Final = 2_000
HEADINGS: Final = ("公民身份号码", "姓名", "用工之日")
"""The columns: the person's id number and name, and the first day of work."""
LONGEST_NAME: Final = 60
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


NOT_EMPLOYED: Final = ("未登记为本单位自该日起用工的人员", "not on file as employed by you since that day")


@dataclass(frozen=True, slots=True)
class Said:
    """A row: who works for the employer since when. `line` counts from 1, the heading's."""

    line: int
    id_number: str = field(repr=False)
    name: str = field(repr=False)
    starts_on: dt.date


def read(lines: Sequence[Sequence[Cell]], today: dt.date) -> tuple[list[Said], list[Fault]]:
    """The rows of a sheet, and every bad cell; raises NotReadable where its heading is another, or it has no rows."""
    heading = [text_of(cell) for cell in lines[0][: len(HEADINGS)]] if lines else []
    if heading != list(HEADINGS):
        raise NotReadable("wrong-columns", f"表头应为{'、'.join(HEADINGS)}", "the first line is not the form's heading")
    said: list[Said] = []
    faults: list[Fault] = []
    seen: set[tuple[str, dt.date]] = set()
    for line, cells in enumerate(lines[1:], start=2):
        row = [*cells, None, None, None][: len(HEADINGS)]
        if all(text_of(cell) == "" for cell in row):
            continue
        number, name, day = _number(row[0], today), _name(row[1]), _day(row[2])
        wrong = [
            Fault(cell_name(column, line), zh, en)
            for column, value, zh, en in (
                (0, number, "公民身份号码有误", "not an id number"),
                (1, name, "姓名有误或过长", "not a name, or too long"),
                (2, day, "日期应为 2026-09-30 的形式", "a day is written as 2026-09-30"),
            )
            if value is None
        ]
        if number is None or name is None or day is None:
            faults += wrong
        elif (number, day) in seen:
            faults.append(Fault(cell_name(0, line), "与前面的行重复", "the same as a row above"))
        else:
            seen.add((number, day))
            said.append(Said(line, number, name, day))
    if not said and not faults:
        raise NotReadable("sheet-empty", "表格没有数据行", "the sheet has no rows")
    return said, faults


def _number(cell: Cell, today: dt.date) -> str | None:
    try:
        return parse(text_of(cell) or "", today).number
    except InvalidResidentId:
        return None


def _name(cell: Cell) -> str | None:
    text = text_of(cell)
    return text if text and len(text) <= LONGEST_NAME and not FORMULA.match(text) else None


def _day(cell: Cell) -> dt.date | None:
    if isinstance(cell, dt.date):
        return cell.date() if isinstance(cell, dt.datetime) else cell
    text = (text_of(cell) or "").removesuffix("T00:00:00").removesuffix(" 00:00:00")
    try:
        return dt.date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None

"""What the cells of a sheet say: whom each row names, and which cells say nothing that could be used.

A number that a spreadsheet keeps is read where nothing of it is lost; what lost digits is refused and never repaired.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.identity.phones import InvalidPhone, parse
from shared.sheets.cells import Cell, Fault, NotReadable, cell_name, text_of

PHONE, WORKER = "手机号", "人员编号"
"""The headings of the columns that name a person; the places of the text have their own name as heading."""
MOST_ROWS = 100_000
LONGEST_VALUE = 35
PLACE = re.compile(r"\$\{([A-Za-z][A-Za-z0-9_]{0,29})\}")
WORKER_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
LONG_NUMBER = re.compile(r"[0-9]{11}")
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a row names in its `cell`, by `phone` or `worker`, and what stands in the text's places for them."""

    cell: str
    phone: str | None
    worker: str | None
    values: tuple[str, ...]


class _Bad(Exception):
    def __init__(self, column: int, zh: str, en: str) -> None:
        super().__init__(en)
        self.column, self.zh, self.en = column, zh, en


def places_of(text: str) -> list[str]:
    """The places of a text, each once, in their order."""
    return list(dict.fromkeys(PLACE.findall(text)))


def filled(text: str, values: dict[str, str]) -> str:
    """A text with what stands in its places."""
    return PLACE.sub(lambda place: values[place[1]], text)


def read(lines: Sequence[Sequence[Cell]], places: Sequence[str]) -> tuple[list[Named], list[Fault]]:
    """Whom the rows below the heading name, and the cells that are bad; raises NotReadable where no row can be read."""
    if not lines:
        raise NotReadable("sheet-empty", "表格为空", "the sheet is empty")
    if len(lines) - 1 > MOST_ROWS:
        raise NotReadable("sheet-too-long", f"表格不得超过{MOST_ROWS}行", f"the sheet has more than {MOST_ROWS} rows")
    headings = [text_of(cell) or "" for cell in lines[0]]
    missing = [place for place in places if place not in headings]
    if (PHONE not in headings and WORKER not in headings) or missing:
        wanted = "、".join(missing or [PHONE, WORKER])
        raise NotReadable("sheet-columns", f"表格缺少列：{wanted}", f"the sheet lacks columns: {wanted}")
    known = {PHONE, WORKER, *places}
    faults: list[Fault] = []
    columns: dict[str, int] = {}
    for column, heading in enumerate(headings):
        if heading in columns:
            raise NotReadable("sheet-columns", f"表格列重复：{heading}", f"the sheet has a column twice: {heading}")
        if heading in known:
            columns[heading] = column
        elif heading:
            faults.append(Fault(cell_name(column, 1), "未知列，已忽略", "an unknown column, not used"))
    named: list[Named] = []
    for line, cells in enumerate(lines[1:], 2):
        if all(cell is None or cell == "" for cell in cells):
            continue
        try:
            named.append(_named(line, cells, columns, places))
        except _Bad as bad:
            faults.append(Fault(cell_name(bad.column, line), bad.zh, bad.en))
    return named, faults


def _named(line: int, cells: Sequence[Cell], columns: dict[str, int], places: Sequence[str]) -> Named:
    def said(heading: str) -> str:
        column = columns.get(heading)
        if column is None or column >= len(cells):
            return ""
        text = text_of(cells[column])
        if text is None:
            raise _Bad(
                column,
                "数字已丢失位数或不是文本，请将单元格设为文本格式后重新填写",
                "not a text, or a number that lost digits",
            )
        return text

    phone, worker = said(PHONE), said(WORKER)
    by_phone, by_worker = columns.get(PHONE), columns.get(WORKER)
    first = by_worker if by_phone is None else by_phone
    assert first is not None
    if bool(phone) == bool(worker):
        raise _Bad(first, "手机号和人员编号须填写且只填写一项", "either a phone or a worker's id is needed")
    if phone:
        try:
            phone = parse(phone)
        except InvalidPhone:
            raise _Bad(first, "不是中国内地手机号", "not a mobile number of mainland China") from None
    elif not WORKER_ID.fullmatch(worker):
        assert by_worker is not None
        raise _Bad(by_worker, "不是人员编号", "not a worker's id")
    cell = cell_name(columns[PHONE if phone else WORKER], line)
    return Named(cell, phone or None, worker or None, tuple(_value(columns[one], said(one)) for one in places))


def _value(column: int, text: str) -> str:
    if not text:
        raise _Bad(column, "该项未填写", "nothing stands here")
    if len(text) > LONGEST_VALUE:
        raise _Bad(column, f"不得超过{LONGEST_VALUE}个字符", f"more than {LONGEST_VALUE} characters")
    if FORMULA.match(text):
        raise _Bad(column, "不得填写公式", "a formula")
    if LONG_NUMBER.search(text):
        raise _Bad(column, "不得填写手机号、身份证号等号码", "a number that may be a person's")
    return text

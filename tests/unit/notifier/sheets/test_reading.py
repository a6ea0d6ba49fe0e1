"""Files as people and attackers make them, read in a process of its own."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from services.notifier.sheets.reading import read_apart
from services.notifier.sheets.rules import MOST_ROWS, PHONE
from shared.sheets import reading
from shared.sheets.cells import NotReadable

TABLE = f"{PHONE},day\n13800138001,九月一日\n"


def excel(*rows: list[object]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode("utf-8"),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("gb18030"),
        TABLE.replace("\n", "\r\n").encode("utf-8-sig"),
        excel([PHONE, "day"], ["13800138001", "九月一日"]),
        excel([PHONE, "day"], [13800138001, "九月一日"]),
    ],
    ids=["utf-8", "bom", "gb18030", "windows", "excel text", "excel number"],
)
async def test_a_sheet_is_read_in_whatever_form_it_comes(content: bytes) -> None:
    read = await read_apart(content, ["day"])
    assert [(one.cell, one.phone, one.values) for one in read.named] == [("A2", "13800138001", ("九月一日",))]
    assert read.faults == []


async def test_a_formula_is_not_carried_out() -> None:
    """Of one in Excel the value that was stored with it is read, which is as good as typed."""
    read = await read_apart(excel([PHONE, "day"], ["13800138001", "=1+1"]), ["day"])
    assert [one.values for one in read.named] == [("0",)]
    read = await read_apart(f"{PHONE},day\n13800138001,=1+1\n".encode(), ["day"])
    assert [fault.cell for fault in read.faults] == ["B2"]


async def test_an_empty_first_line_moves_no_cell() -> None:
    with pytest.raises(NotReadable) as refused:
        await read_apart(excel([], [PHONE], ["13800138001"]), [])
    assert refused.value.kind == "sheet-columns"


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b"0" * (reading.UNPACKED_BYTES + 1))
    return packed.getvalue()


def _huge() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, PHONE)
        sheet.write(1_048_575, 16_383, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [_bomb(), _huge(), b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0\0old", b"\xff\xff\xff"],
    ids=["bomb", "huge", "torn", "old", "no text"],
)
async def test_what_would_use_up_the_machine_is_refused(content: bytes) -> None:
    with pytest.raises(NotReadable) as refused:
        await read_apart(content, [])
    assert refused.value.kind == "sheet-unreadable"


async def test_each_bad_cell_of_a_hundred_thousand_rows_is_told() -> None:
    """As many as one sheet may have: a bad row stops no good one; one row more is refused as a whole."""
    rows = [f"1380{number:07d},九月一日" if number % 1000 else "1380,九月一日" for number in range(MOST_ROWS)]
    read = await read_apart("\n".join([f"{PHONE},day", *rows]).encode(), ["day"])
    assert len(read.named) == MOST_ROWS - 100
    assert [fault.cell for fault in read.faults] == [f"A{number + 2}" for number in range(0, MOST_ROWS, 1000)]
    with pytest.raises(NotReadable):
        await read_apart("\n".join([f"{PHONE},day", *rows, rows[1]]).encode(), ["day"])

"""Tables to take away: a list of rows as CSV or as an Excel sheet.

CSV is UTF-8 with a byte order mark, so that Excel reads Chinese; Excel is written by XlsxWriter row by row, which keeps
memory flat. A text that a spreadsheet would take for a formula is marked as text in both.
"""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import io
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal
from urllib.parse import quote

from fastapi import Query
from fastapi.responses import StreamingResponse

from shared.sheets.cells import FORMULA
from shared.spooled import pieces, spooled

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | dt.date | bool | None
TableFormat = Annotated[Literal["csv", "xlsx"], Query(alias="format", description="csv or xlsx (Excel)")]

ROWS_AT_ONCE = 500
IN_MEMORY = 4_000_000
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def table_response(
    name: str, columns: Sequence[str], rows: AsyncIterable[Sequence[Cell]], kind: Literal["csv", "xlsx"]
) -> StreamingResponse:
    """A download named `<name>.<kind>`: one heading row, then the rows. Money and counts stay numbers."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.{kind}"}
    if kind == "csv":
        return StreamingResponse(_csv(columns, rows), media_type="text/csv; charset=utf-8", headers=headers)
    file = await _excel(columns, rows)
    return StreamingResponse(pieces(file), media_type=EXCEL, headers=headers)


async def form_response(name: str, columns: Sequence[str]) -> StreamingResponse:
    """An empty Excel sheet to fill in, whose cells are text: a spreadsheet then keeps every digit of a number."""
    import xlsxwriter  # a process of which nobody takes a sheet does without

    file = spooled(IN_MEMORY)
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, len(columns) - 1, 24, book.add_format({"num_format": "@"}))
        sheet.write_row(0, 0, columns)
        sheet.freeze_panes(1, 0)
    file.seek(0)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.xlsx"}
    return StreamingResponse(pieces(file), media_type=EXCEL, headers=headers)


async def _batches(rows: AsyncIterable[Sequence[Cell]]) -> AsyncIterator[list[Sequence[Cell]]]:
    batch: list[Sequence[Cell]] = []
    async for row in rows:
        batch.append(row)
        if len(batch) == ROWS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


async def _csv(columns: Sequence[str], rows: AsyncIterable[Sequence[Cell]]) -> AsyncIterator[bytes]:
    yield b"\xef\xbb\xbf" + _lines([columns])
    async for batch in _batches(rows):
        yield _lines(batch)


def _lines(rows: Sequence[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([[_text(cell) for cell in row] for row in rows])
    return text.getvalue().encode()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str) and FORMULA.match(cell):
        return f"'{cell}"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


async def _excel(columns: Sequence[str], rows: AsyncIterable[Sequence[Cell]]) -> BinaryIO:
    import xlsxwriter

    file = spooled(IN_MEMORY)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, columns)
    line = 1
    async for batch in _batches(rows):
        await asyncio.to_thread(_write, sheet, line, batch)
        line += len(batch)
    await asyncio.to_thread(book.close)
    file.seek(0)
    return file


def _write(sheet: Worksheet, line: int, rows: Sequence[Sequence[Cell]]) -> None:
    for number, row in enumerate(rows, line):
        for place, cell in enumerate(row):
            if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
                sheet.write_number(number, place, cell)
            elif cell is not None:
                sheet.write_string(number, place, cell.isoformat() if isinstance(cell, dt.date) else str(cell))

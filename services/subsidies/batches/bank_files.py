"""The file that a bank gets, as CSV in GB 18030 and as Excel: of one batch always the same bytes.

It is written line by line to a file that is no longer in memory when it is large.
"""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import hashlib
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from typing import BinaryIO, Final, Literal

import xlsxwriter

from services.subsidies.batches import rules
from services.subsidies.batches.commands import columns_of
from services.subsidies.batches.documents import Batch, BatchLine, opened
from services.subsidies.batches.rules import Column
from shared.sheets.cells import FORMULA
from shared.spooled import PIECE, spooled
from shared.storage.client import Row, collection_of

Form = Literal["csv", "xlsx"]
LINES_AT_ONCE: Final = 1000
IN_MEMORY: Final = 1_000_000
NO_TIME: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""When every Excel file was made, by what it says itself: the same file is the same bytes."""


async def written(batch: Batch, form: Form) -> tuple[BinaryIO, str]:
    """The file of a batch from its first byte on, and its SHA-256. Whoever asks for it closes it."""
    ((file, sha256),) = await _written(batch, [form])
    return file, sha256


async def hashes(batch: Batch) -> tuple[str, str]:
    """The SHA-256 of a batch's file as CSV and as Excel."""
    (csv_file, csv_sha256), (xlsx_file, xlsx_sha256) = await _written(batch, ["csv", "xlsx"])
    csv_file.close()
    xlsx_file.close()
    return csv_sha256, xlsx_sha256


async def _written(batch: Batch, forms: Sequence[Form]) -> list[tuple[BinaryIO, str]]:
    with ExitStack() as stack:
        files = [stack.enter_context(spooled(IN_MEMORY)) for _ in forms]
        columns = columns_of(batch)
        writers = [(_Csv if form == "csv" else _Excel)(file, columns) for form, file in zip(forms, files, strict=True)]
        async for lines in _lines(batch):
            await asyncio.to_thread(_write, writers, lines, batch, columns)
        found = [
            (file, await asyncio.to_thread(_finished, writer, file))
            for writer, file in zip(writers, files, strict=True)
        ]
        stack.pop_all()  # whoever gets them closes them
    return found


def _write(writers: Sequence[_Csv | _Excel], lines: Sequence[Row], batch: Batch, columns: Sequence[Column]) -> None:
    rows = [rules.cells(opened(row), columns, batch.day, batch.purpose) for row in lines]
    for writer in writers:
        writer.write(rows)


class _Csv:
    def __init__(self, file: BinaryIO, columns: Sequence[Column]) -> None:
        self._file = file
        self.write([[column.heading for column in columns]])

    def write(self, rows: Sequence[Sequence[str]]) -> None:
        text = io.StringIO()
        csv.writer(text).writerows([[_harmless(cell) for cell in row] for row in rows])
        self._file.write(text.getvalue().encode("gb18030"))

    def close(self) -> None:
        pass


class _Excel:
    def __init__(self, file: BinaryIO, columns: Sequence[Column]) -> None:
        self._book = xlsxwriter.Workbook(
            file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._book.set_properties({"created": NO_TIME})
        self._sheet = self._book.add_worksheet()
        self._text = self._book.add_format({"num_format": "@"})
        self._line = 0
        self.write([[column.heading for column in columns]])

    def write(self, rows: Sequence[Sequence[str]]) -> None:
        for row in rows:
            for place, cell in enumerate(row):
                self._sheet.write_string(self._line, place, cell, self._text)
            self._line += 1

    def close(self) -> None:
        self._book.close()


def _finished(writer: _Csv | _Excel, file: BinaryIO) -> str:
    writer.close()
    file.seek(0)
    found = hashlib.sha256()
    while piece := file.read(PIECE):
        found.update(piece)
    file.seek(0)
    return found.hexdigest()


def _harmless(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) else cell


async def _lines(batch: Batch) -> AsyncIterator[list[Row]]:
    """The stored lines of a batch in their order, some at a time."""
    for after in range(0, batch.declared, LINES_AT_ONCE):
        wanted = {"batch": batch.id, "position": {"$gt": after, "$lte": after + LINES_AT_ONCE}}
        yield await collection_of(BatchLine).find(wanted).sort("position", 1).to_list(None)

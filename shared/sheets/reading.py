"""Reading the cells of a sheet in a process of its own, which may use only so much memory and time: a file may be made to use up all
there is.

`python -m shared.sheets.reading ROWS` takes the file from its input and gives its cells as MessagePack.
"""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import io
import resource
import sys
import zipfile
from collections.abc import Sequence

import msgspec

from shared.sheets.cells import Cell, NotReadable

MOST_BYTES = 16 * 1024 * 1024
UNPACKED_BYTES = 256 * 1024 * 1024
MEMORY_BYTES = 1536 * 1024 * 1024
SECONDS = 60
PIECE = 1024 * 1024
MOST_COLUMNS = 64
UNREADABLE = NotReadable(
    "sheet-unreadable", "无法读取该文件，请上传 .xlsx 或 CSV 文件", "the file is neither .xlsx nor CSV, or damaged"
)


class Read(msgspec.Struct, frozen=True):
    """The cells of a sheet, days and times as text; or as `refused` (kind, Chinese, English) why it is not read."""

    lines: list[list[str | float | int | bool | None]] = []
    refused: tuple[str, str, str] | None = None


async def cells_apart(content: bytes, most_rows: int) -> list[list[Cell]]:
    """The cells of the first sheet of a file, from its first line on, with at most so many lines below that; raises NotReadable."""
    said = await answer_of([sys.executable, "-m", __name__, str(most_rows)], content)
    found = await asyncio.to_thread(msgspec.msgpack.decode, said, type=Read)
    if found.refused is not None:
        raise NotReadable(*found.refused)
    return [list(line) for line in found.lines]


async def answer_of(command: Sequence[str], content: bytes) -> bytes:
    """What a process says that reads a file from its input; raises NotReadable where it fails or takes too long."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(SECONDS):
            said, _ = await process.communicate(content)
    except TimeoutError:
        raise UNREADABLE from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise UNREADABLE
    return said


def limit() -> None:
    """Let this process use only so much memory and time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def too_long(most_rows: int) -> NotReadable:
    """Why a sheet is not read that has more lines or columns than may be."""
    zh = f"表格不得超过{most_rows}行、{MOST_COLUMNS}列"
    return NotReadable("sheet-too-long", zh, f"the sheet has more than {most_rows} rows or {MOST_COLUMNS} columns")


def cells_of(content: bytes, most_rows: int) -> list[list[Cell]]:
    """The cells of the first sheet of a file, from its first line on."""
    return _excel(content, most_rows) if content.startswith(b"PK") else _csv(content, most_rows)


def _csv(content: bytes, most_rows: int) -> list[list[Cell]]:
    if b"\0" in content:
        raise UNREADABLE
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise UNREADABLE from None
    try:
        lines: list[list[Cell]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""))]
    except csv.Error:
        raise UNREADABLE from None
    if len(lines) > most_rows + 1:
        raise too_long(most_rows)
    return lines


def _excel(content: bytes, most_rows: int) -> list[list[Cell]]:
    from python_calamine import CalamineError, CalamineWorkbook  # the process that asks for the cells does without

    try:
        _check_unpacked(content)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            sheet = book.get_sheet_by_index(0)
            if sheet.total_height > most_rows + 1 or sheet.total_width > MOST_COLUMNS:
                raise too_long(most_rows)
            return [list(row) for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError):
        raise UNREADABLE from None


def _check_unpacked(content: bytes) -> None:
    """Raise where a file unpacks to more than a sheet has, whatever it says of its size."""
    left = UNPACKED_BYTES
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for member in file.infolist():
            with file.open(member) as stream:
                while piece := stream.read(PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise UNREADABLE


def _plain(cell: Cell) -> str | float | int | bool | None:
    return (
        cell.isoformat()
        if isinstance(cell, dt.date | dt.time)
        else str(cell)
        if isinstance(cell, dt.timedelta)
        else cell
    )


def main() -> None:
    limit()
    try:
        lines = cells_of(sys.stdin.buffer.read(), int(sys.argv[1]))
        found = Read(lines=[[_plain(cell) for cell in line] for line in lines])
    except NotReadable as refused:
        found = Read(refused=(refused.kind, refused.zh, refused.en))
    sys.stdout.buffer.write(msgspec.msgpack.encode(found))


if __name__ == "__main__":
    main()

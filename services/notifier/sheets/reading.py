"""Reading a sheet in a process of its own, which may use only so much memory and time: a file may be made to use up all there is.

`python -m services.notifier.sheets.reading PLACE…` takes the file from its input and gives what it says as MessagePack.
"""

from __future__ import annotations

import asyncio
import csv
import io
import resource
import sys
import zipfile
from collections.abc import Sequence

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

from services.notifier.sheets.rules import MOST_ROWS, Cell, Fault, Named, NotReadable, read

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
    """What a sheet says; or as `refused` (kind, Chinese, English) why it is not read."""

    named: list[Named] = []
    faults: list[Fault] = []
    refused: tuple[str, str, str] | None = None


async def read_apart(content: bytes, places: Sequence[str]) -> Read:
    """What a sheet says; raises NotReadable."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__, *places),
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
    found = await asyncio.to_thread(msgspec.msgpack.decode, said, type=Read)
    if found.refused is not None:
        raise NotReadable(*found.refused)
    return found


def cells_of(content: bytes) -> list[list[Cell]]:
    """The cells of the first sheet of a file, from its first line on."""
    return _excel(content) if content.startswith(b"PK") else _csv(content)


def _csv(content: bytes) -> list[list[Cell]]:
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
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""))]
    except csv.Error:
        raise UNREADABLE from None


def _excel(content: bytes) -> list[list[Cell]]:
    try:
        _check_unpacked(content)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            sheet = book.get_sheet_by_index(0)
            if sheet.total_height > MOST_ROWS + 1 or sheet.total_width > MOST_COLUMNS:
                raise NotReadable(
                    "sheet-too-long",
                    f"表格不得超过{MOST_ROWS}行、{MOST_COLUMNS}列",
                    f"the sheet has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns",
                )
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


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        found = Read(*read(cells_of(sys.stdin.buffer.read()), sys.argv[1:]))
    except NotReadable as refused:
        found = Read(refused=(refused.kind, refused.zh, refused.en))
    sys.stdout.buffer.write(msgspec.msgpack.encode(found))


if __name__ == "__main__":
    main()

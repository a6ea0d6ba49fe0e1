"""Reading a sheet in a process of its own, which may use only so much memory and time: a file may be made to use up all there is.

`python -m services.notifier.sheets.reading PLACE…` takes the file from its input and gives what it says as MessagePack.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

import msgspec

from services.notifier.sheets.rules import MOST_ROWS, Named, read
from shared.sheets.cells import Fault, NotReadable
from shared.sheets.reading import MOST_BYTES, answer_of, cells_of, limit

__all__ = ["MOST_BYTES", "Read", "read_apart"]


class Read(msgspec.Struct, frozen=True):
    """What a sheet says; or as `refused` (kind, Chinese, English) why it is not read."""

    named: list[Named] = []
    faults: list[Fault] = []
    refused: tuple[str, str, str] | None = None


async def read_apart(content: bytes, places: Sequence[str]) -> Read:
    """What a sheet says; raises NotReadable."""
    said = await answer_of([sys.executable, "-m", __name__, *places], content)
    found = await asyncio.to_thread(msgspec.msgpack.decode, said, type=Read)
    if found.refused is not None:
        raise NotReadable(*found.refused)
    return found


def main() -> None:
    limit()
    try:
        found = Read(*read(cells_of(sys.stdin.buffer.read(), MOST_ROWS), sys.argv[1:]))
    except NotReadable as refused:
        found = Read(refused=(refused.kind, refused.zh, refused.en))
    sys.stdout.buffer.write(msgspec.msgpack.encode(found))


if __name__ == "__main__":
    main()

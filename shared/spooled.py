"""Files that are made here to be taken away: on disk only where they are large, gone when they are closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

PIECE: Final = 65536


def spooled(in_memory: int) -> BinaryIO:
    """An empty file that is in memory up to so many bytes. Whoever asks for it closes it."""
    return cast(BinaryIO, SpooledTemporaryFile(in_memory))


async def pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    """What is left of a file, piece by piece; it is closed at its end."""
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece

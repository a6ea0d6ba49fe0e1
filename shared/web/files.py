"""Files over HTTP: how large a request with one may be, and a file as it is given out."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from fastapi import Response

from shared.files import LARGEST

LARGEST_REQUEST: Final = LARGEST + 64 * 1024
"""Bytes of a request with a file: with what stands between it and the other fields."""


def to_save(content: bytes, media_type: str, name: str) -> Response:
    """A file as it was handed in, to be saved and never run."""
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
    }
    return Response(content, media_type=media_type, headers=headers)

"""From the bytes of a request to the bytes of each event, within the limits."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Sequence
from typing import Final

import msgspec
from fastapi import Request

from services.registry.gateway.events import UNREADABLE
from shared.web.problems import Problem

BATCH_JSON: Final = "application/cloudevents-batch+json"
LINES: Final = "application/x-ndjson"
MAX_BYTES: Final = 8 * 1024 * 1024
MAX_EVENTS: Final = 5000
READ_SECONDS: Final = 30.0

_ARRAY: Final = msgspec.json.Decoder(list[msgspec.Raw])
_GZIP: Final = 16 + zlib.MAX_WBITS

RawEvents = Sequence[bytes | msgspec.Raw]


def media_type(request: Request) -> str:
    """How the events are written; raises a 415 problem for any other way."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (BATCH_JSON, LINES):
        raise Problem(
            415, "unsupported-media-type", f"请求体须为 {BATCH_JSON} 或 {LINES}", f"send {BATCH_JSON} or {LINES}"
        )
    if _encoding(request) not in ("", "identity", "gzip"):
        raise Problem(415, "unsupported-encoding", "Content-Encoding 只能为 gzip", "gzip is the one encoding taken")
    return kind


def _encoding(request: Request) -> str:
    return request.headers.get("content-encoding", "").strip().lower()


async def read(request: Request) -> bytes:
    """The body, unpacked; raises a 413 problem beyond 8 MB, packed or not, and a 400 one where it does not unpack."""
    async with asyncio.timeout(READ_SECONDS):
        packed = await _collect(request.stream())
    return unpack(packed) if _encoding(request) == "gzip" else packed


async def _collect(chunks: AsyncIterator[bytes]) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > MAX_BYTES:
            raise too_large()
        parts.append(chunk)
    return b"".join(parts)


def unpack(packed: bytes) -> bytes:
    """Unpack gzip, of several members too, and never more than the limit of it."""
    parts: list[bytes] = []
    left = MAX_BYTES
    while packed:
        member = zlib.decompressobj(_GZIP)
        try:
            part = member.decompress(packed, left + 1)
        except zlib.error:
            raise unreadable() from None
        left -= len(part)
        if left < 0:
            raise too_large()
        if not member.eof:
            raise unreadable()
        parts.append(part)
        packed = member.unused_data
    return b"".join(parts)


def split(body: bytes, kind: str) -> RawEvents:
    """The bytes of each event; raises a 400 problem where there are none to be found, 413 where there are too many."""
    if kind == LINES:
        events: RawEvents = [line for line in body.split(b"\n") if line.strip()]
        if not events or not any(_is_json(line) for line in events[:MAX_EVENTS]):
            raise unreadable()
    else:
        try:
            events = _ARRAY.decode(body)
        except UNREADABLE:
            raise unreadable() from None
    if len(events) > MAX_EVENTS:
        raise too_large()
    return events


def _is_json(line: bytes | msgspec.Raw) -> bool:
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except UNREADABLE:
        return False
    return True


def unreadable() -> Problem:
    return Problem(400, "unreadable-events", "请求体不是可读取的事件", "the body cannot be read as events")


def too_large() -> Problem:
    return Problem(
        413, "too-large", "一次最多推送 5000 个事件、8 MB", "at most 5,000 events and 8 MB unpacked in one push"
    )

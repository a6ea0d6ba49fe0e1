"""From the bytes of a request to the bytes of each event, within the limits."""

from __future__ import annotations

import re
import zlib
from typing import Final

import msgspec
from fastapi import Request

from services.registry.gateway.event_rules import UNREADABLE, RawEvents
from shared.web.problems import Problem

BATCH_JSON: Final = "application/cloudevents-batch+json"
LINES: Final = "application/x-ndjson"
MAX_BYTES: Final = 8 * 1024 * 1024
MAX_EVENTS: Final = 5000
MAX_MEMBERS: Final = 100
"""Parts of a gzip body. Each costs a copy of what follows it, and may be empty."""

_ARRAY: Final = msgspec.json.Decoder(list[msgspec.Raw])
_LINE: Final = re.compile(rb"[^\s][^\n]*")
_GZIP: Final = 16 + zlib.MAX_WBITS
_COMMAS: Final = 20 * MAX_EVENTS
"""With no more commas than this an array is small enough to be split before its items are counted."""


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


def read(packed: bytes, request: Request) -> bytes:
    """The body, unpacked; raises a 413 problem beyond 8 MB, and a 400 one where it does not unpack. Takes its time."""
    return unpack(packed) if _encoding(request) == "gzip" else packed


def unpack(packed: bytes) -> bytes:
    """Unpack gzip, of several members too, and never more than the limit of it."""
    parts: list[bytes] = []
    left = MAX_BYTES
    while packed:
        if len(parts) == MAX_MEMBERS:
            raise unreadable()
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
    """The bytes of each event; raises a 400 problem where there are none to be found, 413 where there are too many.

    Takes its time, but stops at the first event too many.
    """
    if kind == LINES:
        return _lines(body)
    try:
        if body.count(b",") > _COMMAS:
            _count(body)
        events = _ARRAY.decode(body)
    except UNREADABLE:
        raise unreadable() from None
    if len(events) > MAX_EVENTS:
        raise too_large()
    return events


def _lines(body: bytes) -> RawEvents:
    events: list[bytes] = []
    for line in _LINE.finditer(body):
        if len(events) == MAX_EVENTS:
            raise too_large()
        events.append(line.group())
    if not any(_is_json(line) for line in events):
        raise unreadable()
    return events


def _count(body: bytes) -> None:
    """Go through an array of objects without keeping any; raises a 413 problem at the first one too many."""
    left = MAX_EVENTS

    def one_more(_: msgspec.Struct) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise too_large()

    item = msgspec.defstruct("Item", [], namespace={"__post_init__": one_more})
    msgspec.json.decode(body, type=list[item])  # type: ignore[valid-type]


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

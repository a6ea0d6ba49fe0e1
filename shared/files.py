"""Files that people hand in: what is taken, by content alone, and the name under which it is saved."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

import puremagic

from shared.errors import RuleBroken

MediaType = Literal["image/jpeg", "image/png", "application/pdf", "audio/mpeg", "audio/wav", "audio/mp4", "video/mp4"]

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of a file."""
LONGEST_NAME: Final = 200

NAMES: Final[dict[str, MediaType]] = {
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "application/pdf": "application/pdf",
    "audio/mpeg": "audio/mpeg",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "audio/mp4": "audio/mp4",
    ".m4a": "audio/mp4",
    "video/mp4": "video/mp4",
}
"""What a file is taken as, by the names that its content goes by."""

ENDINGS: Final[dict[MediaType, tuple[str, ...]]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "application/pdf": (".pdf",),
    "audio/mpeg": (".mp3",),
    "audio/wav": (".wav",),
    "audio/mp4": (".m4a",),
    "video/mp4": (".mp4",),
}

PAPERS: Final[frozenset[MediaType]] = frozenset({"image/jpeg", "image/png", "application/pdf"})
"""What papers are: pictures and PDF, neither sound nor film."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a file may be by its content: a media type, an extension, and how sure that is, up to 1."""

    media_type: str
    extension: str
    confidence: float


def media_type(likenesses: Collection[Likeness], taken: Collection[MediaType] = tuple(ENDINGS)) -> MediaType:
    """What a file is, by its content alone; raises RuleBroken for what is not `taken`. The surest likeness decides."""
    surest = max((one.confidence for one in likenesses), default=0.0)
    for one in likenesses:
        found = NAMES.get(one.media_type) or NAMES.get(one.extension)
        if found is not None and found in taken and one.confidence == surest:
            return found
    names = [name[0].removeprefix(".").upper() for kind, name in ENDINGS.items() if kind in taken]
    names = ["JPEG" if name == "JPG" else name for name in names]
    raise RuleBroken(
        "file-type", f"仅支持{'、'.join(names)}文件", f"only {', '.join(names[:-1])} and {names[-1]} files"
    )


def file_name(given: str, media_type: MediaType) -> str:
    """The name under which a file is saved: without a path or signs that do not show, and with the ending of its content, so
    that what is a page or a program besides is opened as neither."""
    last = given.replace("\\", "/").rpartition("/")[2]
    shown = "".join(filter(str.isprintable, last)).strip(" .")[:LONGEST_NAME]
    endings = ENDINGS[media_type]
    return shown if shown.lower().endswith(endings) else f"{shown or '未命名'}{endings[0]}"


def check_size(size: int) -> None:
    """Raise RuleBroken where a file is empty or too large."""
    if not 0 < size <= LARGEST:
        raise RuleBroken("file-size", "文件不能为空，且不得超过10MB", "a file has between 1 byte and 10 MB")


async def examine(content: bytes) -> tuple[list[Likeness], str]:
    """What a file may be, and its SHA-256; in a thread, as a large file takes long enough to be felt by everybody else."""
    return await asyncio.to_thread(_examine, content)


def _examine(content: bytes) -> tuple[list[Likeness], str]:
    try:
        found = puremagic.magic_string(content)
    except puremagic.PureError:
        found = []
    likenesses = [Likeness(one.mime_type, one.extension, one.confidence) for one in found]
    return likenesses, hashlib.sha256(content).hexdigest()

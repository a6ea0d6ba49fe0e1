"""What is taken as evidence, and who sees it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from shared.errors import Conflict, RuleBroken

Party = Literal["reporter", "enterprise", "officer"]
"""Who hands evidence in, and to whom it is shown: whoever reported or harmed, the enterprise, and those who handle the matter."""

MediaType = Literal["image/jpeg", "image/png", "application/pdf", "audio/mpeg", "audio/wav", "audio/mp4", "video/mp4"]

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of a file."""
MOST: Final = 200
"""Files of a matter that a party hands in: nobody learns from a refusal how many the other side has, or leaves it no room."""
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


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a file may be by its content: a media type, an extension, and how sure that is, up to 1."""

    media_type: str
    extension: str
    confidence: float


def media_type(likenesses: Collection[Likeness]) -> MediaType:
    """What a file is, by its content alone; raises RuleBroken for what is not taken. The surest likeness decides."""
    surest = max((one.confidence for one in likenesses), default=0.0)
    for one in likenesses:
        found = NAMES.get(one.media_type) or NAMES.get(one.extension)
        if found is not None and one.confidence == surest:
            return found
    raise RuleBroken(
        "file-type",
        "仅支持JPEG、PNG、PDF、MP3、WAV、M4A、MP4文件",
        "only JPEG, PNG, PDF, MP3, WAV, M4A and MP4 files",
    )


def file_name(given: str, media_type: MediaType) -> str:
    """The name under which a file is saved: without a path or signs that do not show, and with the ending of its content, so
    that what is a page or a program besides is opened as neither."""
    last = given.replace("\\", "/").rpartition("/")[2]
    shown = "".join(filter(str.isprintable, last)).strip(" .")[:LONGEST_NAME]
    endings = ENDINGS[media_type]
    return shown if shown.lower().endswith(endings) else f"{shown or '未命名'}{endings[0]}"


def check_size(size: int, kept: int) -> None:
    """Raise RuleBroken where a file is empty or too large, or a matter has too many already."""
    if not 0 < size <= LARGEST:
        raise RuleBroken("file-size", "文件不能为空，且不得超过10MB", "a file has between 1 byte and 10 MB")
    if kept >= MOST:
        raise RuleBroken("too-many-files", f"每方提交的材料不得超过{MOST}份", f"a party hands in at most {MOST} files")


def shown_to(by: Party) -> list[Party]:
    """Who sees a file at first: whoever handed it in, and the officers."""
    return [by] if by == "officer" else [by, "officer"]


def may_see(party: Party, shown: Iterable[Party]) -> bool:
    return party in shown


def disclosed(shown: Collection[Party], to: Party, *, confidential: bool, by: Party) -> list[Party]:
    """Who sees a file after an officer has shown it to a party for the hearing of both sides.

    Raises Conflict where it comes from a reporter whose matter is confidential (劳动保障监察条例 art. 9): its content may tell
    who they are.
    """
    if confidential and by == "reporter" and to == "enterprise":
        raise Conflict(
            "confidential",
            "举报人要求保密，其提交的材料不得向被投诉单位出示",
            "what a reporter who asked for confidence handed in is not shown to the enterprise",
        )
    return [*shown] if to in shown else [*shown, to]

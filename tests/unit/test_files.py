from __future__ import annotations

import io
import wave

import puremagic
import pytest

from shared import files
from shared.errors import RuleBroken
from shared.files import PAPERS, Likeness


def sound() -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(100))
    return written.getvalue()


TAKEN = {
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(100),
    "image/png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "application/pdf": b"%PDF-1.7\n" + b"x" * 100,
    "audio/mpeg": b"ID3\x04" + bytes(100),
    "audio/wav": sound(),
    "audio/mp4": b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00M4A mp42isom" + bytes(50),
    "video/mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(50),
}
REFUSED = [b"<html><script>alert(1)</script>", b"MZ" + bytes(200), b"PK\x03\x04" + bytes(50)]


def likenesses(content: bytes) -> list[Likeness]:
    return [Likeness(one.mime_type, one.extension, one.confidence) for one in puremagic.magic_string(content)]


@pytest.mark.parametrize(("expected", "content"), TAKEN.items())
def test_a_file_is_what_its_content_says(expected: str, content: bytes) -> None:
    assert files.media_type(likenesses(content)) == expected


@pytest.mark.parametrize("content", REFUSED)
def test_what_runs_or_unpacks_is_refused(content: bytes) -> None:
    with pytest.raises(RuleBroken):
        files.media_type(likenesses(content))


def test_nothing_known_is_refused() -> None:
    with pytest.raises(RuleBroken):
        files.media_type([])


def test_a_file_has_some_bytes_and_not_too_many() -> None:
    files.check_size(files.LARGEST)
    for size in (0, files.LARGEST + 1):
        with pytest.raises(RuleBroken):
            files.check_size(size)


def test_a_paper_is_neither_sound_nor_film() -> None:
    assert files.media_type(likenesses(TAKEN["application/pdf"]), PAPERS) == "application/pdf"
    for kind in ("audio/mpeg", "audio/wav", "video/mp4"):
        with pytest.raises(RuleBroken, match="only JPEG, PNG and PDF files"):
            files.media_type(likenesses(TAKEN[kind]), PAPERS)

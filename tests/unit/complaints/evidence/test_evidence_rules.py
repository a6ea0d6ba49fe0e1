from __future__ import annotations

import io
import wave

import puremagic
import pytest

from services.complaints.evidence import rules
from services.complaints.evidence.rules import Likeness
from shared.errors import Conflict, RuleBroken


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
    assert rules.media_type(likenesses(content)) == expected


@pytest.mark.parametrize("content", REFUSED)
def test_what_runs_or_unpacks_is_refused(content: bytes) -> None:
    with pytest.raises(RuleBroken):
        rules.media_type(likenesses(content))


def test_nothing_known_is_refused() -> None:
    with pytest.raises(RuleBroken):
        rules.media_type([])


def test_a_file_has_some_bytes_and_not_too_many() -> None:
    rules.check_size(rules.LARGEST, rules.MOST - 1)
    for size, kept in ((0, 0), (rules.LARGEST + 1, 0), (1, rules.MOST)):
        with pytest.raises(RuleBroken):
            rules.check_size(size, kept)


def test_a_file_is_shown_to_the_other_side_by_decision_alone() -> None:
    shown = rules.shown_to("reporter")
    assert shown == ["reporter", "officer"]
    after = rules.disclosed(shown, "enterprise", confidential=False, by="reporter")
    assert after == ["reporter", "officer", "enterprise"]
    assert rules.disclosed(after, "enterprise", confidential=False, by="reporter") == after


def test_what_could_tell_a_confidential_reporter_stays_hidden() -> None:
    with pytest.raises(Conflict):
        rules.disclosed(["reporter", "officer"], "enterprise", confidential=True, by="reporter")
    assert rules.disclosed(["officer"], "enterprise", confidential=True, by="officer") == ["officer", "enterprise"]

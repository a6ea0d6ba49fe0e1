"""What strangers write into cursors and `If-Match` is a clear problem."""

from __future__ import annotations

import base64

import pytest

from shared.errors import ChangedMeanwhile
from shared.web.etags import if_match
from shared.web.paging import cursor_of, paging
from shared.web.problems import Problem, problem_of


@pytest.mark.parametrize(
    "position",
    [
        b'"\\ud800"',
        b"{}",
        b'{"$gt": ""}',
        b"null",
        b"[" * 300,
        b"[[1]]",
        b"[-1]",
        b"[1e400]",
        b"[99999999999999999999]",
        b"\xff",
        b"",
        b"NaN",
    ],
)
def test_a_cursor_that_is_none_of_ours_is_a_400(position: bytes) -> None:
    with pytest.raises(Problem) as refused:
        paging(limit=1, cursor=base64.urlsafe_b64encode(position).decode())
    assert (refused.value.status, refused.value.kind) == (400, "bad-cursor")


@pytest.mark.parametrize("cursor", ["²", "%%%", "a", "é", "\x00"])
def test_a_cursor_that_is_not_even_one_is_a_400(cursor: str) -> None:
    with pytest.raises(Problem) as refused:
        paging(limit=1, cursor=cursor)
    assert refused.value.status == 400


@pytest.mark.parametrize("position", ["0199a3c2", ["2026-09-01T00:00:00+00:00", "id"], ["a", "b", "c", 7], "旌阳"])
def test_a_cursor_of_ours_says_its_position(position: object) -> None:
    assert paging(limit=1, cursor=cursor_of(position)).after == position


@pytest.mark.parametrize("header", ["²", '"²"', "٣", "x", '""', "1" * 19, "-1", "1.0"])
def test_a_revision_that_is_none_of_ours_is_a_412(header: str) -> None:
    with pytest.raises(ChangedMeanwhile) as refused:
        if_match(header)
    assert problem_of(refused.value).status == 412


def test_a_revision_is_read_weak_or_strong() -> None:
    assert [if_match(text) for text in ('"7"', 'W/"7"', "7")] == [7, 7, 7]

"""Who is a member on a day."""

from __future__ import annotations

import datetime as dt

import pytest

from services.complaints.members.rules import is_member

DAY = dt.date(2026, 9, 10)
ONE = dt.timedelta(1)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (DAY, None, True),
        (DAY, DAY, True),
        (DAY + ONE, None, False),
        (DAY - ONE, DAY - ONE, False),
        (None, None, False),  # its end came first
    ],
)
def test_both_days_belong_to_a_membership(since: dt.date | None, until: dt.date | None, expected: bool) -> None:
    assert is_member(since, until, DAY) is expected

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.subsidies.examinations import rules
from shared.policy.parameters import Law, parameters

DAY = dt.date(2026, 9, 10)


def law(share: str) -> Law:
    return cast(Law, SimpleNamespace(fraction=lambda _: Fraction(share)))


@pytest.mark.parametrize(("hours", "enough"), [(0, False), (7, False), (8, True), (10, True)])
def test_completion_takes_the_share_of_the_hours(hours: int, *, enough: bool) -> None:
    assert rules.enough_hours(hours, 10, law("4/5")) is enough


def test_where_no_share_is_known_somebody_decides() -> None:
    known = parameters.on(DAY, place="510603")
    assert rules.enough_hours(10, 10, known) is None


FAILED, PASSED = (1, DAY, False), (1, DAY, True)


@pytest.mark.parametrize(
    ("attempt", "days", "earlier", "answer"),
    [
        (1, 0, [], "recorded"),
        (2, 0, [], "out_of_turn"),
        (2, 1, [FAILED], "recorded"),
        (3, 1, [FAILED], "out_of_turn"),
        (2, 0, [FAILED], "day_wrong"),
        (2, 1, [PASSED], "passed_already"),
        (3, 2, [FAILED, (2, DAY + dt.timedelta(1), False)], "recorded"),
    ],
)
def test_a_resit_follows_a_failure(attempt: int, days: int, earlier: list[Any], answer: str) -> None:
    assert rules.may_record(attempt, DAY + dt.timedelta(days), earlier) == answer

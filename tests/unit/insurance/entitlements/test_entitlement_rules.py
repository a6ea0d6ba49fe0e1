"""What a death after the recognition gives, and how life goes (工伤保险条例 art. 39, 41)."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from services.insurance.claims.rules import OF_THE_DEAD
from services.insurance.entitlements import rules
from shared.errors import RuleBroken
from tests.unit.machines import goes_by

INJURED = dt.date(2026, 9, 2)

LIFE = {
    ("alive", "died"): "dead",
    ("alive", "went_missing"): "missing",
    ("missing", "died"): "dead",
    ("missing", "declared_dead"): "declared_dead",
    ("missing", "returned"): "alive",
    ("declared_dead", "died"): "dead",
    ("declared_dead", "returned"): "alive",
}


def test_each_event_in_each_state_of_a_life() -> None:
    goes_by(rules.LIFE, LIFE, get_args(rules.Life), get_args(rules.LifeEvent))


@pytest.mark.parametrize(
    ("day", "graded_on", "paid_to", "within"),
    [
        (dt.date(2027, 9, 2), None, None, True),
        (dt.date(2027, 9, 3), None, None, False),
        (dt.date(2028, 3, 31), None, "2028-03", True),
        (dt.date(2028, 4, 1), None, "2028-03", False),
        (dt.date(2027, 2, 28), dt.date(2027, 3, 1), None, True),
        (dt.date(2027, 3, 1), dt.date(2027, 3, 1), "2027-09", False),
    ],
)
def test_when_work_is_suspended(day: dt.date, graded_on: dt.date | None, paid_to: str | None, within: bool) -> None:
    """Twelve months from 2026-09-02, or as long as pay was granted; a grade found ends it (art. 33)."""
    assert rules.suspended_on(day, INJURED, 12, graded_on, paid_to) is within


@pytest.mark.parametrize(
    ("of_injury", "suspended", "grade", "declared", "kind"),
    [
        (True, True, None, False, "while_suspended"),
        (False, True, None, False, "outside"),
        (False, False, 4, False, "severe_after"),
        (True, False, 1, False, "severe_after"),
        (True, False, 5, False, "outside"),
        (True, False, None, False, "outside"),
        (False, False, None, True, "at_once"),
    ],
)
def test_which_death_it_is(
    of_injury: bool, suspended: bool, grade: int | None, declared: bool, kind: rules.Death
) -> None:
    assert rules.death_of(declared=declared, of_injury=of_injury, suspended=suspended, grade=grade) == kind


def test_what_each_death_gives() -> None:
    """Of grade 1 to 4 after the time of suspended work: no lump sum (art. 39, 3)."""
    assert rules.GIVES["while_suspended"] == rules.GIVES["at_once"] == OF_THE_DEAD
    assert rules.GIVES["severe_after"] == {"funeral", "dependant_pension"}
    assert rules.GIVES["outside"] == frozenset()


def test_the_dependants_of_who_is_missing_draw_from_month_four() -> None:
    """Missing since 14 November: pay in November, December and January; pensions from February on (art. 41)."""
    assert rules.first_pension_month(dt.date(2026, 11, 14), 3) == "2027-02"


@pytest.mark.parametrize("day", [dt.date(2026, 9, 1), dt.date(2026, 10, 2)])
def test_nothing_is_recorded_of_a_day_that_does_not_fit(day: dt.date) -> None:
    with pytest.raises(RuleBroken):
        rules.check_day(day, INJURED, dt.date(2026, 10, 1))

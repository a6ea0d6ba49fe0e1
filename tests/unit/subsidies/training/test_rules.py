from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.subsidies.training import rules
from services.subsidies.training.rules import REASONS, Move, Reason, State, Training
from shared.errors import Conflict
from shared.policy.parameters import parameters

BORN = dt.date(1990, 1, 1)
DAY = dt.date(2026, 3, 2)
LEGAL = {("submitted", "approve"): "approved", ("submitted", "refuse"): "refused"}


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_an_application_moves_only_as_the_table_says(state: State, move: Move) -> None:
    if (state, move) in LEGAL:
        assert rules.STATES.next(state, move) == LEGAL[state, move]
    else:
        with pytest.raises(Conflict):
            rules.STATES.next(state, move)


def decide(
    day: dt.date = DAY,
    born_on: dt.date = BORN,
    course: str = "网约配送员（四级）",
    subsidised: tuple[Training, ...] = (),
) -> rules.Decision:
    return rules.decide(Training(course, day), born_on, subsidised, parameters.on(day, place="510600"))


def some(count: int, year: int = 2026) -> tuple[Training, ...]:
    return tuple(Training(f"课程{number}", dt.date(year, 1, number + 1)) for number in range(count))


def test_an_approval_leaves_an_unpublished_amount_to_a_person() -> None:
    decision = decide()
    assert decision.move == "approve"
    assert decision.amount is None
    assert decision.amount_note is not None
    assert "training_subsidy.amount" in decision.amount_note


@pytest.mark.parametrize(
    ("day", "reasons"),
    [
        (dt.date(2025, 8, 31), ("policy_not_in_force",)),
        (dt.date(2025, 9, 1), ()),
        (dt.date(2028, 8, 31), ()),
        (dt.date(2028, 9, 1), ("policy_not_in_force",)),
    ],
)
def test_the_policy_holds_for_three_years(day: dt.date, reasons: tuple[Reason, ...]) -> None:
    assert decide(day).reasons == reasons


@pytest.mark.parametrize(
    ("born_on", "reasons"),
    [(dt.date(2010, 3, 2), ()), (dt.date(2010, 3, 3), ("too_young",)), (dt.date(2015, 1, 1), ("too_young",))],
)
def test_one_must_be_sixteen_on_the_day_of_completion(born_on: dt.date, reasons: tuple[Reason, ...]) -> None:
    assert decide(born_on=born_on).reasons == reasons


def test_a_fourth_training_in_a_year_is_refused() -> None:
    assert decide(subsidised=some(2)).move == "approve"
    assert decide(subsidised=some(3)).reasons == ("yearly_limit",)


def test_trainings_of_another_year_do_not_count_against_this_one() -> None:
    assert decide(subsidised=some(3, 2025)).move == "approve"


def test_the_same_course_is_not_subsidised_twice_in_any_year() -> None:
    assert decide(subsidised=(Training("网约配送员（四级）", dt.date(2025, 10, 1)),)).reasons == ("same_course",)


def test_every_reason_is_said_at_once() -> None:
    same = Training("网约配送员（四级）", dt.date(2026, 2, 1))
    decision = decide(born_on=dt.date(2012, 1, 1), subsidised=(*some(2), same))
    assert decision.reasons == ("too_young", "same_course", "yearly_limit")


def test_an_application_is_refused_for_what_stays_unknown() -> None:
    training = Training("课程", DAY)
    assert rules.unknown(None, None) == ("no_certificate", "birth_date_unknown")
    assert rules.unknown(training, None) == ("birth_date_unknown",)
    assert rules.unknown(training, BORN) == ()


def test_a_decision_says_what_it_rests_on() -> None:
    assert {row.key for row in decide().used} == {
        "training_subsidy.platform_workers",
        "training_subsidy.min_age",
        "training_subsidy.max_per_year",
    }


def test_every_reason_has_a_chinese_text() -> None:
    assert all(any("一" <= letter <= "鿿" for letter in text) for text in REASONS.values())

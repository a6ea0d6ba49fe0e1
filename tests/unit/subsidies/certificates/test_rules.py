from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.subsidies.certificates import rules
from services.subsidies.certificates.rules import Move, State
from shared.errors import Conflict

DAY = dt.date(2026, 9, 10)
LEGAL = {("none", "issue"): "issued", ("issued", "revoke"): "revoked", ("issued", "join"): "joined"}


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_a_certificate_moves_only_as_the_table_says(state: State, move: Move) -> None:
    if (state, move) in LEGAL:
        assert rules.STATES.next(state, move) == LEGAL[state, move]
    else:
        with pytest.raises(Conflict):
            rules.STATES.next(state, move)


@pytest.mark.parametrize(
    "course",
    [
        "网约配送员（四级）",
        "网约配送员(四级)",
        "网约配送员（中级工）",
        "网约配送员 （中级工（四级））",
        "网约配送员（ 中级 ）",
    ],
)
def test_one_occupation_and_level_is_one_course(course: str) -> None:
    assert rules.plain(course) == rules.of_level("网约配送员", "intermediate")


def test_what_names_no_level_is_its_own_name() -> None:
    assert rules.plain("安全 培训（一期）") == "安全培训(一期)"
    assert rules.plain("网约配送员（五级）") != rules.plain("网约配送员（四级）")


def test_the_same_training_shares_a_key_and_another_none() -> None:
    course, level = rules.plain("网约配送员初级班"), rules.of_level("网约配送员", "junior")
    body = rules.keys("w1", {course, level}, [DAY, DAY + dt.timedelta(2)], None)
    pushed = rules.keys("w1", [rules.plain("网约配送员（五级）")], [DAY], "PX-1")
    assert set(body) & set(pushed)
    for other in (
        rules.keys("w2", [level], [DAY], None),
        rules.keys("w1", [level], [DAY + dt.timedelta(1)], None),
        rules.keys("w1", [rules.plain("网约配送员（四级）")], [DAY], None),
    ):
        assert not set(body) & set(other)
    assert set(pushed) & set(rules.keys("w1", ["另一课程"], [DAY], "PX-1"))


@pytest.mark.parametrize(("state", "worth"), [("issued", "valid"), ("revoked", "revoked"), ("joined", "not_valid")])
def test_what_a_certificate_is_worth(state: State, worth: str) -> None:
    assert rules.verdict(state) == worth

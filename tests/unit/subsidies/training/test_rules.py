"""Who may have the training subsidy, and what is paid once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from services.subsidies.training import first_rules
from services.subsidies.training.rules import GROUNDS, RULE, TrainingFacts
from shared.policy.parameters import Parameters, parameters
from shared.policy.rows import Parameter, Row

DAY = dt.date(2026, 9, 10)
COURSE = "网约配送员（四级）"
KEY = "4-02-07-10:intermediate"
KNOWN: dict[str, Any] = {
    "day": DAY,
    "place": "510603",
    "events": {},
    "worker_id": "w-1",
    "certificate_id": "c-1",
    "course": COURSE,
    "completed_on": DAY,
    "born_on": dt.date(1990, 1, 1),
    "public_pension": False,
}


def decide(law: Parameters = parameters, **changed: Any) -> Any:
    facts = TrainingFacts(**KNOWN | changed)
    return RULE.decide(facts, law.on(facts.day, place=facts.place))


def failed(**changed: Any) -> list[str]:
    return [ground.code for ground in decide(**changed).grounds if ground.met is False]


def test_whoever_meets_every_condition_is_proposed() -> None:
    outcome = decide()
    assert (outcome.met, outcome.amount) == (True, None)
    assert outcome.once == (f"training:w-1:course:{KEY}", "training:w-1:2026:1", f"course:w-1:{KEY}")
    assert {ground.code for ground in outcome.grounds} == set(GROUNDS)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"course": None, "completed_on": None}, "certificate"),
        ({"revoked": True}, "certificate_valid"),
        ({"born_on": None}, "birth_date"),
        ({"day": dt.date(2025, 8, 31), "completed_on": dt.date(2025, 8, 31)}, "policy_in_force"),
        ({"born_on": dt.date(2010, 9, 11)}, "old_enough"),
        ({"public_pension": True}, "no_public_pension"),
        ({"paid_courses": (COURSE,)}, "not_paid_before"),
        ({"paid_slots": (1, 2, 3)}, "within_yearly_limit"),
        ({"skilled": True}, "not_paid_as_skill"),
    ],
)
def test_each_condition_fails_by_itself(changed: dict[str, Any], code: str) -> None:
    assert failed(**changed) == [code]


def test_sixteen_on_the_day_is_old_enough() -> None:
    assert failed(born_on=dt.date(2010, 9, 10)) == []


def test_what_nobody_knows_is_for_a_person() -> None:
    outcome = decide(public_pension=None)
    assert outcome.met is None


def test_the_times_of_a_year_take_the_first_free_number() -> None:
    assert decide(paid_slots=(1, 3)).once[1] == "training:w-1:2026:2"
    assert decide(paid_slots=(1, 2, 3)).once == ()


def test_the_key_of_a_skill_that_was_paid_for_stays_its_own() -> None:
    assert decide(skilled=True).once == ("training:w-1:2026:1",)


@pytest.mark.parametrize(("course", "paid"), [(COURSE, KEY), (KEY, COURSE), ("网约配送员四级培训班", KEY)])
def test_a_name_and_its_code_are_one_occupation(course: str, paid: str) -> None:
    assert failed(course=course, paid_courses=(paid,)) == ["not_paid_before"]
    assert failed(course=course, skill_courses=(paid,)) == ["not_paid_as_skill"]
    assert decide(course=course).once == decide(course=paid).once


def test_a_name_that_no_list_knows_is_for_a_person() -> None:
    outcome = decide(
        course="骑手提高班", paid_courses=(KEY,), skill_courses=("无人机驾驶员（四级）", "骑手提高班(五级)")
    )
    assert [ground.code for ground in outcome.grounds if ground.met is None] == ["told_apart"]
    shown = (
        "4-02-07-10 网约配送员 中级工（四级）",
        "4-02-04-06 无人机驾驶员 中级工（四级）",
        "骑手提高班 初级工（五级）",
    )
    assert {(one.asked, one.paid) for one in outcome.alike} == {("骑手提高班", paid) for paid in shown}
    assert decide(course=KEY, paid_courses=("骑手提高班(五级)", "4-02-04-06:intermediate")).met is True


def test_a_published_rule_may_let_both_be_had() -> None:
    declared: dict[str, Parameter] = {one.key: one for one in parameters}
    known = declared["skill_subsidy.beside_training"]
    row = known.rows[0].model_copy(update={"value": "true", "note": ""})
    declared[known.key] = known.model_copy(update={"rows": (Row.model_validate(row.model_dump(by_alias=True)),)})
    outcome = decide(Parameters(declared.values()), skilled=True)
    assert (outcome.met, outcome.once) == (True, (f"training:w-1:course:{KEY}", "training:w-1:2026:1"))


def test_the_first_version_decides_as_it_did() -> None:
    facts = first_rules.TrainingFacts(**KNOWN)
    outcome = first_rules.RULE.decide(facts, parameters.on(facts.day, place=facts.place))
    assert outcome.once == (f"training:w-1:course:{COURSE}", "training:w-1:2026:1")
    assert "not_paid_as_skill" not in {ground.code for ground in outcome.grounds}


def test_a_published_sum_is_proposed_for_its_course_alone() -> None:
    declared: dict[str, Parameter] = {one.key: one for one in parameters}
    known = declared["training_subsidy.amount"]
    row = known.rows[0].model_copy(update={"value": {COURSE: "1200.00"}, "note": ""})
    declared[known.key] = known.model_copy(update={"rows": (Row.model_validate(row.model_dump(by_alias=True)),)})
    law = Parameters(declared.values())
    assert decide(law).amount == Decimal("1200.00")
    assert decide(law, course="焊工（五级）").amount is None

"""Who may have the skill subsidy for a certificate, and what is paid once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from services.subsidies.decisions.rules import Alike
from services.subsidies.skill import first_rules
from services.subsidies.skill.rules import GROUNDS, RULE, SkillFacts
from shared.policy.parameters import Parameters, parameters
from shared.policy.rows import Parameter, Row

ISSUED = dt.date(2026, 3, 10)
COURSE = "4-02-07-10:junior"
MONTHS = tuple(f"2025-{month:02}" for month in range(1, 13))
KNOWN: dict[str, Any] = {
    "day": ISSUED,
    "place": "510603",
    "events": {},
    "persons": ("w-1", "w-0"),
    "filed_on": dt.date(2026, 9, 1),
    "certificate_id": "c-1",
    "course": COURSE,
    "level": "junior",
    "issued_on": ISSUED,
    "evaluator": True,
    "insured_months": MONTHS,
}


def decide(law: Parameters = parameters, **changed: Any) -> Any:
    facts = SkillFacts(**KNOWN | changed)
    return RULE.decide(facts, law.on(facts.day, place=facts.place))


def found(value: bool | None, law: Parameters = parameters, **changed: Any) -> list[str]:
    return [ground.code for ground in decide(law, **changed).grounds if ground.met is value]


def test_whoever_meets_every_condition_is_proposed() -> None:
    outcome = decide()
    assert (outcome.met, outcome.amount) == (True, Decimal("1000"))
    assert {ground.code for ground in outcome.grounds} == set(GROUNDS)
    assert set(outcome.once) == {
        "skill:w-1:certificate:c-1",
        f"skill:w-1:course:{COURSE}",
        f"course:w-1:{COURSE}",
    }


@pytest.mark.parametrize("paid", ["网约配送员（五级）", "网约配送员初级工培训班", "外卖骑手(初级)"])
def test_a_course_paid_for_by_its_name_is_the_same(paid: str) -> None:
    assert found(False, trained_courses=(paid,)) == ["not_paid_as_training"]
    assert found(False, paid=(f"course:{paid}",)) == ["not_paid_before"]


def test_what_nobody_can_tell_apart_is_shown_to_a_person() -> None:
    outcome = decide(trained_courses=("骑手提高班", "焊工（五级）", "网约配送员（四级）"))
    assert [ground.code for ground in outcome.grounds if ground.met is None] == ["told_apart"]
    assert outcome.alike == (Alike(asked="4-02-07-10 网约配送员 初级工（五级）", paid="骑手提高班"),)
    assert outcome.amount == Decimal("1000")


@pytest.mark.parametrize(("level", "amount"), [("junior", "1000"), ("intermediate", "1500"), ("senior", "2000")])
def test_the_sum_goes_by_the_grade_of_the_certificate(level: str, amount: str) -> None:
    assert decide(level=level).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"certificate_id": None}, "certificate"),
        ({"revoked": True}, "certificate_valid"),
        ({"day": dt.date(2024, 4, 25), "issued_on": dt.date(2024, 4, 25)}, "policy_in_force"),
        ({"level": "technician"}, "level"),
        ({"level": "special"}, "level"),
        ({"filed_on": dt.date(2027, 3, 11)}, "in_time"),
        ({"paid": ("certificate:c-1",)}, "not_paid_before"),
        ({"paid": (f"course:{COURSE}",)}, "not_paid_before"),
        ({"trained": True}, "not_paid_as_training"),
    ],
)
def test_each_condition_fails_by_itself(changed: dict[str, Any], code: str) -> None:
    assert found(False, **changed) == [code]
    assert decide(**changed).amount is None


def test_what_is_paid_stays_so_when_a_condition_fails_later() -> None:
    assert decide(revoked=True).once == decide().once
    assert decide(trained=True).once == ("skill:w-1:certificate:c-1",)


def test_the_last_day_to_apply_is_twelve_months_on() -> None:
    assert found(False, filed_on=dt.date(2027, 3, 10)) == []


def test_a_last_day_on_a_weekend_moves_to_monday() -> None:
    issued: dict[str, Any] = {
        "day": dt.date(2025, 8, 8),
        "issued_on": dt.date(2025, 8, 8),
    }  # a year later it is a Saturday
    assert found(False, **issued, filed_on=dt.date(2026, 8, 10)) == []
    assert found(False, **issued, filed_on=dt.date(2026, 8, 11)) == ["in_time"]


def test_another_certificate_paid_before_bars_nothing() -> None:
    paid = ("certificate:c-0", "course:4-02-07-10:intermediate")
    assert found(False, paid=paid) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"insured_months": MONTHS[:11]}, "insured"),
        ({"insured_months": (*MONTHS[:11], MONTHS[0])}, "insured"),
        ({"evaluator": False}, "genuine"),
        ({"level": None}, "level"),
    ],
)
def test_what_nobody_knows_is_for_a_person(changed: dict[str, Any], code: str) -> None:
    assert found(None, **changed) == [code]
    assert found(False, **changed) == []


def test_without_a_known_grade_an_officer_sets_the_sum() -> None:
    assert decide(level=None).amount is None


def test_the_first_version_leaves_it_to_an_officer() -> None:
    facts = SkillFacts(**KNOWN | {"trained": True})
    outcome = first_rules.RULE.decide(facts, parameters.on(facts.day, place=facts.place))
    assert [ground.code for ground in outcome.grounds if ground.met is None] == ["not_paid_as_training"]
    assert set(outcome.once) >= {"skill:w-1:certificate:c-1", "skill:w-0:certificate:c-1"}


@pytest.mark.parametrize(("value", "met"), [("true", True), ("false", False)])
def test_a_published_rule_says_if_training_bars_it(value: str, met: bool) -> None:
    declared: dict[str, Parameter] = {one.key: one for one in parameters}
    known = declared["skill_subsidy.beside_training"]
    row = known.rows[0].model_copy(update={"value": value, "note": ""})
    declared[known.key] = known.model_copy(update={"rows": (Row.model_validate(row.model_dump(by_alias=True)),)})
    assert "not_paid_as_training" in found(met, Parameters(declared.values()), trained=True)

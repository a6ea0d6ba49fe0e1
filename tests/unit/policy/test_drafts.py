"""A draft is read whole or refused with a text that says what is wrong; its rows hold in the place of those in force."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from shared.errors import RuleBroken
from shared.policy import drafts
from shared.policy.parameters import MissingParameter, parameters

DAY = dt.date(2026, 9, 2)
HERE = "510603"


def hourly() -> Decimal:
    return parameters.on(DAY, place=HERE).amount("minimum_wage.hourly")


def test_a_draft_of_a_later_day_is_tried_on_a_month_before_it() -> None:
    before = hourly()
    draft = drafts.read(
        'minimum_wage.hourly: [{value: "99.5", from: 2027-07-01, scope: {place: "510600"}}]', parameters
    )
    with parameters.tried(draft):
        assert hourly() == Decimal("99.5")
        used = parameters.on(DAY, place=HERE)
        used.amount("minimum_wage.hourly")
        assert [(one.source, one.verified) for one in used.used] == [("草案", False)]
    assert hourly() == before


def test_rows_of_other_scopes_and_keys_stay() -> None:
    draft = drafts.read(
        'minimum_wage.hourly: [{value: "99.5", from: 2027-01-01, scope: {place: "510681"}}]', parameters
    )
    before = hourly()
    with parameters.tried(draft):
        assert hourly() == before
        assert parameters.on(DAY, place="510681").amount("minimum_wage.hourly") == Decimal("99.5")


def test_what_is_in_force_goes_on_behind_a_drafts_end() -> None:
    text = "employment.register_days: [{value: 7, from: 2026-01-01, to: 2026-09-02}]"
    in_force = parameters.on(DAY + dt.timedelta(1)).days("employment.register_days")
    with parameters.tried(drafts.read(text, parameters)):
        assert parameters.on(DAY).days("employment.register_days") == 7
        assert parameters.on(DAY + dt.timedelta(1)).days("employment.register_days") == in_force


def test_a_draft_may_say_that_nobody_knows() -> None:
    text = "employment.register_days: [{value: null, note: 待定, from: 2027-01-01}]"
    with parameters.tried(drafts.read(text, parameters)), pytest.raises(MissingParameter):
        parameters.on(DAY).days("employment.register_days")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有参数"),
        ("[1, 2]", "没有参数"),
        ("a: [", "YAML"),
        ("a: &x [1]\nb: *x", "锚点"),
        ("a: " + "[" * 5000 + "]" * 5000, "嵌套"),
        ("employment.register_days:\n" + "  - {value: 7, from: 2027-01-01}\n" * 201, "行数过多"),
        ("minimum_wage.hourlie: [{value: 1, from: 2027-01-01}]", "没有名为 minimum_wage.hourlie"),
        ("employment.register_days: 7", "没有行"),
        ("employment.register_days: []", "没有行"),
        ("employment.register_days: [7]", "不是一行参数"),
        ("employment.register_days: {rows: [{value: 7, from: 2027-01-01}], unit: months}", "单位应为 days"),
        ("employment.register_days: {lines: [{value: 7, from: 2027-01-01}]}", "未知字段"),
        ("employment.register_days: [{value: 7}]", "from"),
        ("employment.register_days: [{value: 7.5, from: 2027-01-01}]", "quotes"),
        ('employment.register_days: [{value: "-7", from: 2027-01-01}]', "整数"),
        ("employment.register_days: [{value: [7], from: 2027-01-01}]", "单个值"),
        ('minimum_wage.hourly: [{value: "1e9", from: 2027-01-01}]', "数字"),
        ("employment.register_days: [{value: 7, from: 2027-01-01, scope: {city: x}}]", "scope.city"),
        ("employment.register_days: [{value: 7, from: 2027-02-01, to: 2027-01-01}]", "ends before"),
        (
            "employment.register_days: [{value: 7, from: 2027-01-01}, {value: 8, from: 2027-02-01}]",
            "two rows of the scope",
        ),
        (
            "employment.register_days: [{value: 7, from: 2027-01-01}]\n"
            "employment.register_days: [{value: 8, from: 2027-01-01}]",
            "写了两次",
        ),
    ],
)
def test_a_bad_draft_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        drafts.read(text, parameters)
    assert refused.value.kind == "draft-refused"
    assert said in refused.value.zh


def test_a_draft_is_not_endless() -> None:
    with pytest.raises(RuleBroken, match="longer"):
        drafts.read("#" * (drafts.LONGEST + 1), parameters)


def test_what_is_remembered_of_a_draft_is_not_taken_for_another() -> None:
    one, other = (
        drafts.read(f"employment.register_days: [{{value: {days}, from: 2027-01-01}}]", parameters) for days in (7, 8)
    )
    numbers = []
    for draft in (one, other):
        with parameters.tried(draft):
            numbers.append(parameters.edition)
    assert len({*numbers, parameters.edition}) == 3
    assert parameters.edition is None

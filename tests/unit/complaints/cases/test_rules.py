from __future__ import annotations

import datetime as dt
from itertools import product
from typing import get_args

import pytest

from services.complaints.cases import rules
from services.complaints.cases.keywords import KEYWORDS
from services.complaints.cases.rules import Move, State
from shared.contracts.complaints import Category
from shared.errors import Conflict
from shared.ids import new_id
from shared.policy.parameters import Law, parameters

DAY = dt.date(2026, 11, 23)
LEGAL = {("opened", "accept"): "accepted", ("opened", "refuse"): "refused"}


def law(day: dt.date = DAY) -> Law:
    return parameters.on(day, place="510603")


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), get_args(Move))))
def test_a_case_moves_only_as_the_table_says(state: State, move: Move) -> None:
    if (state, move) in LEGAL:
        assert rules.STATES.next(state, move) == LEGAL[state, move]
    else:
        with pytest.raises(Conflict) as refused:
            rules.STATES.next(state, move)
        assert refused.value.kind == "case-state"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("平台拖欠我半个月的配送费，多次催要没有结果。", "late_pay"),
        ("按实际接单时间算，每小时报酬低于最低工资标准。", "below_minimum_wage"),
        ("平台以超时为由扣了我几百元，没有事先告知规则。", "unlawful_fee"),
        ("做了三个月，一直没有和我签订书面协议。", "no_contract"),
        ("系统连续派单，一天在线超过十二小时没有休息提示。", "rest"),
        ("暴雨天气仍然强制派单，没有发放防护用品。", "safety"),
        ("受伤后才知道平台没有给我办理职业伤害保障。", "occupational_injury"),
        ("招聘时因为户籍地被拒绝，认为受到了歧视。", "discrimination"),
        ("平台不允许我同时在其他平台接单，否则封号。", "exclusivity"),
        ("公司没有给我参保，社保一直是空的。", "social_insurance"),
        ("站点老板是加盟商，跑路以后没人管。", "partner_default"),
        ("算法调整后派单机制不透明，申诉也没用。", "platform_rules"),
        ("请问办公地点在哪里？", "other"),
    ],
)
def test_a_text_is_put_into_the_category_it_speaks_of(text: str, category: str) -> None:
    assert rules.classify(text, KEYWORDS) == category


def test_of_equal_categories_the_first_is_taken() -> None:
    assert rules.classify("甲乙", {"rest": ("甲",), "safety": ("乙",)}) == "rest"


@pytest.mark.parametrize("category", get_args(Category))
def test_every_category_has_departments_and_one_of_them_leads(category: Category) -> None:
    route = rules.route(category, (), law())
    assert route.lead in route.departments
    assert len(set(route.departments)) == len(route.departments)


def test_a_complaint_on_pay_goes_to_article_fives_departments() -> None:
    route = rules.route("late_pay", (), law())
    assert route.article == "5"
    assert route.departments == ("hrss", "drc", "transport", "commerce", "post", "court", "union")
    assert route.lead == "hrss"


def test_safety_is_led_by_the_emergency_department() -> None:
    assert rules.route("safety", ("courier",), law()).lead == "emergency"


def test_discrimination_goes_to_the_trades_department_as_well() -> None:
    assert "commerce" not in rules.route("discrimination", (), law()).departments
    assert rules.route("discrimination", ("instant_delivery",), law()).departments[-1] == "commerce"


def test_a_trade_adds_no_department_that_is_not_in_the_matrix() -> None:
    assert rules.route("occupational_injury", ("instant_delivery",), law()) == rules.route(
        "occupational_injury", (), law()
    )


def test_a_case_is_to_be_accepted_within_five_working_days() -> None:
    term = rules.accept_by(dt.date(2026, 9, 28), law())
    assert term.due == dt.date(2026, 10, 10)  # a Saturday that is worked, after the holidays of 1 to 7 October
    assert not term.provisional


def test_a_term_into_a_year_without_a_calendar_is_provisional() -> None:
    assert rules.decide_by(dt.date(2026, 11, 23), law()).provisional


def test_a_case_is_investigated_within_sixty_working_days() -> None:
    term = rules.decide_by(dt.date(2026, 3, 2), law(dt.date(2026, 3, 2)))
    assert term.due == dt.date(2026, 5, 28)


@pytest.mark.parametrize(
    ("occurred_on", "continuing", "late"),
    [
        (dt.date(2024, 11, 25), False, False),
        (dt.date(2024, 11, 23), False, False),  # two years to the day: still in time
        (dt.date(2024, 11, 20), False, True),
        (dt.date(2024, 11, 20), True, False),
        (dt.date(2019, 1, 1), True, False),
    ],
)
def test_inspection_looks_back_two_years_unless_it_goes_on(occurred_on: dt.date, continuing: bool, late: bool) -> None:
    assert rules.too_late(occurred_on, continuing, DAY, law()) is late


def test_numbers_of_cases_are_readable_and_do_not_repeat() -> None:
    numbers = {rules.case_number(new_id(), DAY) for _ in range(20_000)}
    assert len(numbers) == 20_000
    assert all(number.startswith("德劳诉〔2026〕1123-") and len(number) == 22 for number in numbers)

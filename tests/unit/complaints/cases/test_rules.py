from __future__ import annotations

import datetime as dt
import re
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.cases import rules
from services.complaints.cases.rules import Dispute, Facts, Kind, Move, State
from services.complaints.cases.tables import KEYWORDS, REPLIES
from services.complaints.terms.rules import due
from shared.contracts.complaints import Category
from shared.errors import Conflict, RuleBroken
from shared.ids import new_id
from shared.policy.parameters import Law, parameters

DAY = dt.date(2026, 11, 23)
LEGAL = {
    ("opened", "accept"): "accepted",
    ("opened", "refuse"): "refused",
    ("opened", "transfer"): "transferred",
    ("opened", "return"): "returned",
    ("opened", "withdraw"): "withdrawn",
    ("returned", "complete"): "opened",
    ("returned", "refuse"): "refused",
    ("returned", "withdraw"): "withdrawn",
    ("accepted", "conclude"): "concluded",
    ("accepted", "transfer"): "transferred",
    ("accepted", "to_dispute"): "closed",
    ("concluded", "to_dispute"): "closed",
    ("concluded", "decide"): "decided",
    ("concluded", "transfer"): "transferred",
    ("decided", "close"): "closed",
    ("refused", "reopen"): "opened",
    ("withdrawn", "reopen"): "opened",
    ("closed", "reopen"): "opened",
    **{(state, "keep_confidential"): state for state in get_args(State)},
}
PLATFORM = "91510600MA0000001X"


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


def test_a_case_shows_whatever_step_was_missed() -> None:
    assert rules.AWAITED == {"opened": "accept", "accepted": "investigate", "concluded": "decide"}


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
    term = due(dt.date(2026, 9, 28), [rules.accept_term(law())], ())
    assert term is not None
    assert term.due == dt.date(2026, 10, 10)  # a Saturday that is worked, after the holidays of 1 to 7 October
    assert not term.provisional


def test_a_term_into_a_year_without_a_calendar_is_provisional() -> None:
    term = due(dt.date(2026, 11, 23), [rules.investigate_term(law())], ())
    assert term is not None
    assert term.provisional


def test_a_case_is_investigated_within_sixty_working_days() -> None:
    term = due(dt.date(2026, 3, 2), [rules.investigate_term(law(dt.date(2026, 3, 2)))], ())
    assert term is not None
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


def facts(
    kind: Kind = "complaint", platform: str | None = PLATFORM, days: int = 1, dispute: Dispute | None = None
) -> Facts:
    occurred_on = DAY - dt.timedelta(days=days)
    return Facts(kind=kind, platform=platform, occurred_on=occurred_on, continuing=False, dispute=dispute)


@pytest.mark.parametrize(
    ("given_facts", "proposed"),
    [
        (facts(), "accept"),
        (facts(days=800), "over_two_years"),
        (facts(dispute="arbitration"), "to_dispute"),
        (facts(platform=None), "return"),
        (facts("report", None), "accept"),
    ],
)
def test_the_machine_proposes_and_decides_nothing(given_facts: Facts, proposed: str) -> None:
    assert rules.proposed(given_facts, DAY, law()) == proposed


def test_a_case_is_opened_again_within_thirty_days() -> None:
    assert rules.may_reopen(DAY, DAY + dt.timedelta(days=30), law())
    assert not rules.may_reopen(DAY, DAY + dt.timedelta(days=31), law())


@pytest.mark.parametrize(
    ("chosen", "people", "allowed"),
    [
        (["a"], list("abcde"), True),
        (list("abcde"), list("abcdef"), True),
        (["a"], list("abcd"), False),
        (list("abcdef"), list("abcdef"), False),
        (["z"], list("abcde"), False),
    ],
)
def test_a_large_group_chooses_a_few_of_its_own(chosen: list[str], people: list[str], allowed: bool) -> None:
    if allowed:
        rules.check_representatives(chosen, people, law())
    else:
        with pytest.raises(RuleBroken):
            rules.check_representatives(chosen, people, law())


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("请说明今年九月的报酬支付情况。", False),
        ("据张三反映，请说明情况。", True),
        ("请联系 13800000000 核实。", True),
        ("有人说平台拖欠我半个月的配送费，多次催要。", True),
        ("有人说平台 拖欠我半个月的 配送费，多次催要。", True),
        ("有人说平台，拖欠我半个月的「配送费」：多次催要。", True),
        ("请联系 138-0000-0000 核实。", True),
        ("请联系 １３８ ００００ ００００ 核实。", True),
        ("据张 三反映，请说明情况。", True),
    ],
)
def test_a_text_that_would_show_the_reporter_is_found(text: str, tells: bool) -> None:
    words = "平台拖欠我半个月的配送费，多次催要没有结果。"
    assert rules.tells_reporter(text, ["张三", "13800000000", ""], words) is tells


@given(st.text(min_size=rules.TELLING_LENGTH, max_size=60), st.data())
def test_no_long_piece_of_a_report_gets_through(words: str, data: st.DataObject) -> None:
    plain = "".join(words.split())
    if len(plain) < rules.TELLING_LENGTH:
        return
    at = data.draw(st.integers(0, len(plain) - rules.TELLING_LENGTH))
    assert rules.tells_reporter(f"问：{plain[at : at + rules.TELLING_LENGTH]}？", [], words)


@pytest.mark.parametrize(("others", "told"), [(0, "0"), (1, "1-4"), (4, "1-4"), (5, "5+"), (900, "5+")])
def test_others_are_counted_without_leading_to_one(others: int, told: str) -> None:
    assert rules.counted(others) == told


def test_sensitive_categories_have_a_circle() -> None:
    assert rules.circle_of("discrimination", law()) == "discrimination"
    assert rules.circle_of("late_pay", law()) is None


def test_no_standard_reply_holds_a_number_of_days() -> None:
    texts = [*REPLIES.states.values(), *REPLIES.grounds.values()]
    assert [text for text in texts if re.search(r"[\d一二三四五六七八九十]+个?(工作)?[日月]", text)] == []


def test_a_reporter_hears_of_legal_aid_where_a_case_begins() -> None:
    assert all("法律援助" in REPLIES.states[state] for state in ("opened", "accepted"))

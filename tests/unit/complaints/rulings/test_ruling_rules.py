from __future__ import annotations

import subprocess
import sys
from typing import get_args

import pytest

from services.complaints.rulings import rules
from services.complaints.rulings.likeness import cut, likenesses
from tests.unit.machines import goes_by

PAY = "平台拖欠骑手三个月的配送报酬，骑手请求支付拖欠的报酬"
TEXTS = [
    "骑手请求平台支付拖欠的配送报酬，平台未提供结算记录",
    "司机因交通事故请求支付医疗费用",
    "骑手请求确认与合作企业存在劳动关系",
]


def test_a_ruling_is_checked_once() -> None:
    table = {("recorded", "confirm"): "confirmed", ("recorded", "reject"): "rejected"}
    goes_by(rules.STATES, table, get_args(rules.State), get_args(rules.Move))


def test_the_names_given_are_masked_everywhere() -> None:
    text = rules.masked("王小明诉王小明丰公司，王小明称", ["王小明", "王小明丰公司"])
    assert text == "某甲诉某乙，某甲称"


def test_numbers_that_say_who_somebody_is_are_masked() -> None:
    text = "身份证51060319900101001X，电话13800138000，代码91510600MA0000001E，账号6222021234567890123，报酬12345.60元"
    masked = rules.masked(text, [])
    assert masked == "身份证＊＊＊，电话＊＊＊，代码＊＊＊，账号＊＊＊，报酬12345.60元"


@pytest.mark.parametrize(
    "written",
    [
        "１３８００１３８０００", "138 0013 8000", "138-0013-8000", "0838-2501234", "微信x13800138000", "川F12345", "川Ｆ·D12345",
        "6222 0212 3456 7890 123",
    ],
)  # fmt: skip
def test_numbers_are_masked_however_they_are_written(written: str) -> None:
    rest = "，（2025）川0603民初1234号，2025年3月1日，报酬12345.60元"
    masked = rules.masked(f"联系{written}{rest}", [])
    assert masked.endswith(f"＊＊＊{rest}")
    assert not any(map(str.isdigit, masked.removesuffix(rest)))


def test_the_likest_text_has_the_most_in_common() -> None:
    found = likenesses(cut(PAY), [cut(text) for text in TEXTS])
    best = max(found, key=lambda one: one.score)
    assert best.place == 0
    assert {"拖欠", "报酬"} <= {word for word, _ in best.words}
    assert [adds for _, adds in best.words] == sorted((adds for _, adds in best.words), reverse=True)


def test_what_shares_no_word_is_not_like_it() -> None:
    assert likenesses(cut("社会保险"), [cut(text) for text in TEXTS]) == []
    assert likenesses(cut(PAY), []) == []


def test_the_same_claims_and_footing_weigh_more() -> None:
    shared, same, factor = rules.weight(["pay"], "employment", ["pay"], "employment")
    assert (shared, same, factor) == (["pay"], True, 1.35)
    assert rules.weight(["pay"], "employment", ["rest"], "partial") == ([], False, 1.0)


def test_a_service_that_nobody_asks_loads_no_numpy() -> None:
    code = "import services.complaints.app, sys; print({'bm25s', 'rjieba'} & sys.modules.keys())"
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "set()"

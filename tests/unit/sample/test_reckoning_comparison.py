"""A report against what the input demands."""

from copy import deepcopy
from typing import Any

import pytest

from deploy.local.calculation import Difference, compare
from tests.unit.sample.facts import P, Q, figures, order, profile, started


@pytest.fixture
def expected() -> dict[str, Any]:
    return figures(profile(), started(), order("1"), order("2", platform=Q))


def test_the_same_figures_do_not_differ_however_long_it_took(expected: dict[str, Any]) -> None:
    assert compare(expected, {**deepcopy(expected), "seconds": 41.5, "engines": {"database": "native"}}) == []


def test_names_each_figure_that_differs(expected: dict[str, Any]) -> None:
    report = deepcopy(expected)
    report["registry"]["engagements"]["active"] = 0
    report["insurance"]["bills"][1]["premium"] = "0.08"
    assert compare(expected, report) == [
        Difference("registry.engagements.active", 1, 0),
        Difference(f"insurance.bills[{Q} 2026-09].premium", "0.07", "0.08"),
    ]


def test_a_missing_bill_and_one_too_many_are_differences(expected: dict[str, Any]) -> None:
    report = deepcopy(expected)
    report["insurance"]["bills"][1]["month"] = "2026-10"
    paths = [difference.path for difference in compare(expected, report)]
    assert f"insurance.bills[{Q} 2026-09].orders" in paths
    assert f"insurance.bills[{Q} 2026-10].orders" in paths
    assert not any(P in path for path in paths)
    report["insurance"]["bills"] = []
    assert Difference("insurance.bills.count", 2, 0) in compare(expected, report)


def test_a_missing_figure_and_an_unknown_one_are_differences(expected: dict[str, Any]) -> None:
    report = {**deepcopy(expected), "surplus": 1}
    del report["dead_letters"]
    assert compare(expected, report) == [Difference("dead_letters", 0, None), Difference("surplus", None, 1)]


def test_money_is_a_text_with_two_decimals(expected: dict[str, Any]) -> None:
    report = deepcopy(expected)
    report["insurance"]["premium"] = 0.14
    assert compare(expected, report) == [Difference("insurance.premium", "0.14", 0.14)]


def test_a_count_is_a_whole_number(expected: dict[str, Any]) -> None:
    assert compare(expected, {**expected, "dead_letters": False}) == [Difference("dead_letters", 0, False)]

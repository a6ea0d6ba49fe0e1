from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.wording import DIGITS, capitals, day, figures

VALUES = {"仟": 1000, "佰": 100, "拾": 10}


def read(text: str) -> Decimal:
    """The amount that capitals say."""
    total = section = digit = fen = 0
    for sign in text.removeprefix("人民币").removesuffix("整"):
        match sign:
            case "仟" | "佰" | "拾":
                section, digit = section + digit * VALUES[sign], 0
            case "亿" | "万":
                total, section, digit = total + (section + digit) * (10**8 if sign == "亿" else 10**4), 0, 0
            case "元":
                total, section, digit = total + section + digit, 0, 0
            case "角" | "分":
                fen, digit = fen + digit * (10 if sign == "角" else 1), 0
            case _:
                digit = DIGITS.index(sign)
    return Decimal(total) + Decimal(fen) / 100


def test_a_day_is_written_without_zeros() -> None:
    assert day(dt.date(2026, 11, 30)) == "2026年11月30日"
    assert day(dt.date(2026, 2, 3)) == "2026年2月3日"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("10", "壹拾元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("50000", "伍万元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100010001", "壹亿零壹万零壹元整"),
        ("9999999999.99", "玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_an_amount_is_written_in_capitals(amount: str, text: str) -> None:
    assert capitals(Decimal(amount)) == f"人民币{text}"


@given(st.integers(0, 10**14 - 1))
def test_capitals_say_the_amount(fen: int) -> None:
    amount = Decimal(fen) / 100
    text = capitals(amount)
    assert read(text) == amount
    assert "零零" not in text
    assert not text.endswith("零")


@pytest.mark.parametrize("amount", ["-0.01", "1000000000000", "0.001"])
def test_what_is_no_amount_is_not_written(amount: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        capitals(Decimal(amount))


def test_an_amount_in_figures_is_written_to_the_fen() -> None:
    assert figures(Decimal(50000)) == "￥50,000.00"

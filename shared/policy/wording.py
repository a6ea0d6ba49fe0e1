"""Days and amounts as they stand in Chinese letters: 2026年11月30日, 人民币壹万元整."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
TENS: Final = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))
MYRIADS: Final = ((10**8, "亿"), (10**4, "万"), (1, ""))


def day(on: dt.date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def figures(amount: Decimal) -> str:
    """An amount in figures, to the fen: ￥10,000.00."""
    return f"￥{amount:,.2f}"


def capitals(amount: Decimal) -> str:
    """An amount in capitals (大写), by 支付结算办法 (银发〔1997〕393号), annex 1: a zero within it is written once, and what has no
    fen ends with 整. Raises ValueError for one that is negative, beyond a trillion yuan, or not in whole fen."""
    fen = amount * 100
    if not 0 <= fen < 10**14 or fen != int(fen):
        raise ValueError("not an amount that can be written")
    yuan, rest = divmod(int(fen), 100)
    tenths, hundredths = divmod(rest, 10)
    text = f"{_whole(yuan)}元" if yuan or not rest else ""
    if tenths:
        text += f"{DIGITS[tenths]}角"
    elif hundredths and yuan:
        text += "零"
    return f"人民币{text}" + (f"{DIGITS[hundredths]}分" if hundredths else "整")


def _whole(number: int) -> str:
    if not number:
        return DIGITS[0]
    return _joined([(number // size % 10**4, 1000, unit) for size, unit in MYRIADS])


def _four(number: int) -> str:
    return _joined([(number // size % 10, 1, unit) for size, unit in TENS])


def _joined(parts: list[tuple[int, int, str]]) -> str:
    """Parts with their units, those that are nothing left out; a zero stands where something is missing before a part, or its first
    digit is (it is below `whole`)."""
    text, gap = "", False
    for part, whole, unit in parts:
        if part:
            text += DIGITS[0] if text and (gap or part < whole) else ""
            text += (DIGITS[part] if whole == 1 else _four(part)) + unit
        gap = not part
    return text

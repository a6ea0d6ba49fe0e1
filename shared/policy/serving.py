"""How and when a letter of an authority may be served (送达). Pure; legal days.

By 民事诉讼法 ch. 7, which holds for reviews and suits too (行政复议法 art. 88; 行政诉讼法 art. 101).
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from shared.errors import RuleBroken

ServiceWay = Literal["direct", "left", "mail", "electronic", "entrusted", "announcement"]
"""How a letter is served: 直接、留置、邮寄、电子、委托、公告。"""


def check_day(on: dt.date, made_on: dt.date, today: dt.date) -> None:
    """Raise RuleBroken where a letter would be served before it was made, or on a day to come."""
    if not made_on <= on <= today:
        raise RuleBroken(
            "service-day", "送达日期不能早于文书作出之日或者晚于今天", "the day is before the letter or ahead"
        )


def check_way(way: ServiceWay, agreed: bool) -> None:
    """Raise RuleBroken where a letter would be served electronically on who has not agreed to it (民事诉讼法 art. 90)."""
    if way == "electronic" and not agreed:
        raise RuleBroken("not-agreed", "电子送达须经受送达人同意", "electronic service needs the party's consent")

"""What a reminder and an application to a court say of each sum, and of how what was added is reckoned."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from services.complaints.penalties.payment_documents import Claim, LateDays
from services.complaints.penalty_decisions.claim_views import reckoning, sums

FIRST = dt.date(2026, 3, 3)


def claim(**changes: Any) -> Claim:
    """Of a fine of 10,000 yuan that was two days late, and a confiscated sum."""
    late = LateDays(amount=Decimal(10_000), first=FIRST, last=dt.date(2026, 3, 4), days=2)
    held: dict[str, Any] = {
        "fine": Decimal(0), "surcharge": Decimal(500), "confiscated": Decimal(6500), "again": Decimal(0), "added": Decimal(600),
        "percent": 3, "cap": Decimal(10_000), "before": Decimal(0), "began_on": FIRST, "late": [late],
    }  # fmt: skip
    return Claim(**held | changes)


def test_each_sum_stands_by_itself_and_all_together() -> None:
    assert list(sums(claim())) == [
        "加处罚款：人民币伍佰元整（￥500.00）",
        "没收的违法所得：人民币陆仟伍佰元整（￥6,500.00）",
        "合计：人民币柒仟元整（￥7,000.00）",
    ]


def test_the_reckoning_says_rate_days_and_limit() -> None:
    assert list(reckoning(claim())) == [
        "加处罚款自2026年3月3日起计算，标准为每日按逾期未缴罚款数额的3%，以不超出罚款数额￥10,000.00为限。",
        "2026年3月3日至2026年3月4日共2日，每日逾期未缴罚款：￥10,000.00。",
        "累计加处罚款￥600.00；其中已缴￥100.00。",
    ]
    full = claim(added=Decimal(10_000), surcharge=Decimal(10_000), before=Decimal(9500), late=[])
    assert list(reckoning(full))[1:] == [
        "变更缴纳期限以前已加处（减免的除外）：￥9,500.00。",
        "累计加处罚款￥10,000.00，已达上限。",
    ]


def test_nothing_is_reckoned_where_nothing_was_added() -> None:
    assert list(reckoning(claim(added=Decimal(0), surcharge=Decimal(0), began_on=None, late=[]))) == []

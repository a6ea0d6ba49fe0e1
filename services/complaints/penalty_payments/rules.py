"""When officers may collect a fine themselves, and where it goes (行政处罚法 art. 68-71)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from services.complaints.penalties.rules import Why
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import Law

Place = Literal["office", "bank"]


def check_collection(
    why: Why, amount: Decimal, fine: Decimal, owed: Decimal, law: Law, *, on_spot: bool, same_day: bool, asked: bool
) -> None:
    """Raise Conflict unless officers may collect a fine themselves: on the day of a decision on the spot, where the fine is small
    or could hardly be enforced later; or at the party's own wish where the bank is out of reach. All of it at once. RuleBroken
    where it is not owed any more: what a bank received counts all the same, but officers take in nothing beyond it."""
    fits = {
        "small": on_spot and same_day and fine <= law.amount("penalty.on_spot_collection"),
        "hard_later": on_spot and same_day,
        "remote": asked,
    }
    if not fits[why] or amount != fine:
        raise Conflict(
            "not-collected",
            "不符合当场收缴罚款的法定情形，应由当事人到指定的银行或者通过电子支付系统缴纳",
            "officers may not collect this fine: the party pays at the bank or electronically",
        )
    if amount > owed:
        raise RuleBroken("too-much", "收缴金额超过应缴金额", "more than is owed")

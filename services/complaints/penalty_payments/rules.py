"""When officers may collect a fine themselves, and where it goes (行政处罚法 art. 68-71); what goes back of which sum (art. 74)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from services.complaints.penalties.debt_rules import Back
from services.complaints.penalties.rules import Toward, Why
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import Law

Place = Literal["office", "bank"]


def refunded_toward(said: Toward | None, left: Back) -> Toward | None:
    """Of which sum something is paid back: as it is said, else the one for which alone too much was paid; None: of both together."""
    if said is not None or (left.fine and left.confiscated):
        return said
    return "confiscated" if left.confiscated else "fine"


def check_refund(amount: Decimal, toward: Toward | None, left: Back) -> None:
    """Raise Conflict where nothing is to be paid back of a sum (None: of either), RuleBroken where that is less than the amount
    (行政处罚法 art. 74). What is too much of one sum goes back as that one alone: they are booked apart."""
    most = {"fine": left.fine, "confiscated": left.confiscated, None: left.total}[toward]
    if not most:
        raise Conflict("nothing-to-refund", "该项没有应当退还的款项", "nothing is to be paid back of this sum")
    if amount > most:
        raise RuleBroken(
            "too-much", f"该项退还金额不得超过{most}元", f"no more is paid back of it than {most} yuan", left=str(most)
        )


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

"""How what is claimed back goes: its instalments, what is due of it, and who may give it up."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Final, Literal

from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import months_after
from shared.policy.parameters import Law
from shared.states import Machine

State = Literal["proposed", "open", "overdue", "recovered", "cancelled", "written_off"]
Move = Literal["state", "claim", "receive", "miss", "agree", "settle", "cancel", "write_off"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("proposed", "state"): "proposed",
    ("proposed", "claim"): "open",
    ("proposed", "cancel"): "cancelled",
    ("open", "receive"): "open",
    ("overdue", "receive"): "overdue",
    ("open", "miss"): "overdue",
    ("overdue", "miss"): "overdue",
    ("open", "agree"): "open",
    ("overdue", "agree"): "open",
    ("open", "settle"): "recovered",
    ("overdue", "settle"): "recovered",
    ("open", "cancel"): "cancelled",
    ("overdue", "cancel"): "cancelled",
    ("open", "write_off"): "written_off",
    ("overdue", "write_off"): "written_off",
}

STATES: Machine[State, Move, State] = Machine(
    "recovery", MOVES, kind="recovery-state", zh="该追回的当前状态不允许此操作"
)
"""`state`: who was paid says their view; `claim`: another officer finds that it is owed; `agree`: other instalments for what is still
owed; `cancel`: it was not owed; `write_off`: it is owed and given up, by a head."""

Reason = Literal["facts_changed", "rate_changed", "paid_twice", "false_statement", "not_entitled"]
REASONS: Final[Mapping[Reason, str]] = {
    "facts_changed": "认定所依据的事实发生变化",
    "rate_changed": "补贴标准或参数调整",
    "paid_twice": "重复发放",
    "false_statement": "提供虚假材料或者隐瞒有关情况",
    "not_entitled": "不符合享受条件",
}


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is to be paid back until a legal day, in yuan."""

    due_on: dt.date
    amount: Decimal


def plan(amount: Decimal, count: int, first: dt.date, law: Law) -> list[Instalment]:
    """Equal monthly instalments to the fen, what does not divide with the last; raises RuleBroken for more than
    `subsidy_recovery.most_instalments`, or more than there are fen."""
    if not 1 <= count <= law.number("subsidy_recovery.most_instalments") or amount < count * Decimal("0.01"):
        raise RuleBroken("too-many-instalments", "分期数超出规定", "more instalments than may be")
    each = (amount / count).quantize(Decimal("0.01"), ROUND_DOWN)
    amounts = [each] * (count - 1) + [amount - each * (count - 1)]
    return [Instalment(months_after(first, number), one) for number, one in enumerate(amounts)]


def check_decider(officer: str, proposer: str) -> None:
    """Raise Conflict where one officer would both propose to claim something back and decide on it."""
    if officer == proposer:
        raise Conflict("second-officer-needed", "须由另一名经办人员决定", "another officer must decide this")


def check_heard(heard_by: dt.date, today: dt.date, *, stated: bool) -> None:
    """Raise Conflict where who was paid has not said their view, and still may: until the end of `heard_by`."""
    if not stated and today <= heard_by:
        raise Conflict(
            "not-heard-yet",
            f"应先听取当事人意见：{heard_by}前可陈述",
            f"who was paid may say their view until {heard_by}",
            heard_by=str(heard_by),
        )


def missing(instalments: Sequence[Instalment], received: Decimal, day: dt.date) -> Decimal:
    """What should have come back until the end of a day and has not, in yuan."""
    due = sum((one.amount for one in instalments if one.due_on <= day), Decimal(0))
    return max(Decimal(0), due - received)


def next_due(instalments: Sequence[Instalment], day: dt.date) -> dt.date | None:
    """The first day after `day` on which an instalment is due, or None."""
    return min((one.due_on for one in instalments if one.due_on > day), default=None)


def check_claim(amount: Decimal, paid: Decimal, claimed: Decimal) -> None:
    """Raise RuleBroken where more would be claimed back than was paid and is not claimed yet (yuan)."""
    if amount <= 0 or amount > paid - claimed:
        raise RuleBroken(
            "more-than-paid", "追回金额超过已发放且未追回的金额", "more than was paid and is not claimed yet"
        )


def check_same(amount: Decimal, on: dt.date, known: Decimal, known_on: dt.date) -> None:
    """Raise Conflict where a transfer that was taken before is said to be another sum (yuan), or of another day."""
    if (amount, on) != (known, known_on):
        raise Conflict("receipt-differs", "该笔到账已登记，金额或者日期不一致", "the transfer is known otherwise")


def plain(reference: str) -> str:
    """What a bank names a transfer, as it is compared: without blanks, in capitals, full-width signs as their plain ones."""
    return "".join(unicodedata.normalize("NFKC", reference).split()).upper()


def check_receipt(amount: Decimal, left: Decimal) -> None:
    """Raise RuleBroken where more would come back than is owed (yuan)."""
    if amount <= 0 or amount > left:
        raise RuleBroken("more-than-owed", "退款金额超过应退金额", "more than is owed")

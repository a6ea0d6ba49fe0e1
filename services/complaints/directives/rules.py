"""Orders to put right: what may happen to one, how long it may run, and what is owed by one on pay."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law
from shared.states import Machine

Violation = Literal[
    "underpayment", "overtime", "concealment", "obstruction", "social_insurance", "discrimination", "unlawful_fee",
    "exclusivity", "collective_contract", "rest", "safety", "other",
]  # fmt: skip
"""What the enterprise did: by this, and what it arose from, an act is known."""

OriginKind = Literal["case", "lead", "inspection", "joint", "own"]

State = Literal["issued", "served", "overdue", "checked", "met", "unmet", "withdrawn", "to_dispute"]
Move = Literal[
    "serve", "extend", "hand_in", "pass", "check", "confirm_met", "confirm_unmet", "reject", "reject_late", "withdraw",
    "give_way",
]  # fmt: skip

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("issued", "serve"): "served",
    ("issued", "withdraw"): "withdrawn",
    ("served", "extend"): "served",
    ("served", "hand_in"): "served",
    ("served", "pass"): "overdue",
    ("served", "check"): "checked",
    ("served", "withdraw"): "withdrawn",
    ("overdue", "hand_in"): "overdue",
    ("overdue", "check"): "checked",
    ("overdue", "withdraw"): "withdrawn",
    ("checked", "pass"): "checked",
    ("checked", "confirm_met"): "met",
    ("checked", "confirm_unmet"): "unmet",
    ("checked", "reject"): "served",
    ("checked", "reject_late"): "overdue",
    # what was not put right in time may be put right later, and an order may be annulled after it was found so
    ("unmet", "hand_in"): "unmet",
    ("unmet", "check"): "checked",
    ("unmet", "withdraw"): "withdrawn",
    ("issued", "give_way"): "to_dispute",
    ("served", "give_way"): "to_dispute",
    ("overdue", "give_way"): "to_dispute",
    ("checked", "give_way"): "to_dispute",
}

STATES: Machine[State, Move, State] = Machine(
    "order to put right", MOVES, kind="directive-state", zh="该责令改正的当前状态不允许此操作"
)

BREACHED: Final[frozenset[State]] = frozenset({"overdue", "unmet"})
"""States from which a penalty or a listing may follow."""
STANDING: Final[frozenset[State]] = frozenset({"issued", "served", "overdue", "checked", "unmet"})
"""States in which what is ordered is still to be paid."""

FEN = Decimal("0.01")
LONGEST_TEXT: Final = 50_000
"""Characters of all that an enterprise says to one order or listing."""


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most that is allowed."""

    least: Decimal
    most: Decimal

    def __contains__(self, amount: Decimal) -> bool:
        return self.least <= amount <= self.most


def check_issued(issued_on: dt.date, today: dt.date, law: Law) -> None:
    """Raise RuleBroken for an order of a day to come, or of one that is past the limitation (劳动保障监察条例 art. 20)."""
    if not issued_on <= today <= calendar.add_years(issued_on, law.number("inspection.limitation_years")).due:
        raise RuleBroken("issued-day", "责令日期有误", "the day of the order is in the future or too long ago")


def check_days(days: int, law: Law) -> None:
    """Raise RuleBroken for a deadline outside of what an officer may set."""
    least, most = law.days("directives.days", "least"), law.days("directives.days", "most")
    if not least <= days <= most:
        raise RuleBroken("deadline-range", f"改正期限应为{least}至{most}日", f"a deadline has {least} to {most} days")


def check_once(refs: Sequence[str]) -> None:
    """Raise RuleBroken where a person is owed in two places of one order: how many are owed decides what may follow."""
    if twice := sorted(ref for ref, times in Counter(refs).items() if times > 1):
        raise RuleBroken("owed-twice", "同一劳动者不得重复列明", "a person stands in an order once", worker_refs=twice)


def total(owed: Iterable[Decimal]) -> Decimal:
    """Yuan that are owed to all."""
    return sum(owed, Decimal("0.00"))


def compensation_range(law: Law) -> Range:
    """Per cent of what is owed that may be added once an order to pay has run out (劳动保障监察条例 art. 26)."""
    key = "wages.arrears_compensation_percent"
    return Range(law.amount(key, "least"), law.amount(key, "most"))


def compensation(owed: Iterable[Decimal], percent: Decimal, law: Law) -> list[Decimal]:
    """What is added for each person, to the fen; raises RuleBroken for a share outside of the range."""
    allowed = compensation_range(law)
    if percent not in allowed:
        raise RuleBroken(
            "compensation-range",
            f"加付赔偿金比例应为{allowed.least}%至{allowed.most}%",
            f"compensation is {allowed.least} to {allowed.most} per cent",
        )
    return [(amount * percent / 100).quantize(FEN, ROUND_HALF_UP) for amount in owed]


def check_silence(texts: Iterable[str], names: Collection[str]) -> None:
    """Raise Conflict where a text for the enterprise shows who reported (劳动保障监察条例 art. 9)."""
    if any(name in text for text in texts for name in names):
        raise Conflict(
            "confidential", "责令内容不得含有举报人信息", "what the enterprise reads never shows who reported"
        )


def with_more(said: str | None, more: str) -> str:
    """What an enterprise has said with what it says now: nothing that was said is lost. Raises Conflict where it is too long."""
    if said is None:
        return more
    if len(said) + len(more) > LONGEST_TEXT:
        raise Conflict("statement-full", "陈述意见过长，请线下提交", "the statement is too long: hand it in on paper")
    return f"{said}\n\n{more}"


def check_unmet(met: bool, due: dt.date, today: dt.date) -> None:
    """Raise Conflict where an order is to be found not met before its term is over."""
    if not met and today <= due:
        raise Conflict("not-due", "改正期限尚未届满", "the term to put right is not over")

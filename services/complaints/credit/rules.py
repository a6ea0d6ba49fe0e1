"""Credit listings: what may happen to one, when it may be made, and how long it lasts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from services.complaints.directives.rules import STANDING
from services.complaints.directives.rules import State as OrderState
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

Kind = Literal["serious_violation", "wage_arrears"]
"""A serious violation that is published (重大劳动保障违法行为社会公布), or the list of those who owe wages (失信联合惩戒名单)."""

State = Literal[
    "proposed", "notified", "hearing", "heard", "listed", "removal_asked", "dropped", "expired", "removed", "revoked"
]
Move = Literal[
    "notify",
    "speak",
    "ask_hearing",
    "hear",
    "list",
    "drop",
    "ask_removal",
    "remove",
    "refuse_removal",
    "expire",
    "revoke",
]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("proposed", "notify"): "notified",
    ("proposed", "drop"): "dropped",
    ("notified", "speak"): "notified",
    ("notified", "ask_hearing"): "hearing",
    ("notified", "list"): "listed",
    ("notified", "drop"): "dropped",
    ("hearing", "speak"): "hearing",
    ("hearing", "hear"): "heard",
    ("hearing", "drop"): "dropped",
    ("heard", "list"): "listed",
    ("heard", "drop"): "dropped",
    ("listed", "ask_removal"): "removal_asked",
    ("listed", "expire"): "expired",
    ("listed", "revoke"): "revoked",
    ("removal_asked", "remove"): "removed",
    ("removal_asked", "refuse_removal"): "listed",
    ("removal_asked", "expire"): "expired",
    ("removal_asked", "revoke"): "revoked",
}

STATES: Machine[State, Move, State] = Machine(
    "credit listing", MOVES, kind="credit-state", zh="该信用记录的当前状态不允许此操作"
)

PUBLIC: Final[frozenset[State]] = frozenset({"listed", "removal_asked"})


@dataclass(frozen=True, slots=True)
class Assessment:
    """Whether what is owed reaches the sums of the crime (None: a person judges), and why, by code."""

    reached: bool | None
    reason: str


def assess(owed: Sequence[Decimal], months: int, law: Law) -> Assessment:
    """Hold what is owed against the sums of the crime (法释〔2013〕3号). Between the least and the most of the nation's range
    Sichuan's own sums decide, which nobody knows: a person judges."""
    try:
        own = [law.amount("credit.crime_threshold", entry) for entry in ("one_worker", "ten_workers")]
    except MissingParameter:
        own = None
    ranges = [
        (law.amount(key, "least"), law.amount(key, "most"))
        for key in ("credit.crime_one_worker", "credit.crime_ten_workers")
    ]
    if own is not None:
        ranges = [(sum_, sum_) for sum_ in own]
    sums = [
        max(owed, default=Decimal(0)) if months >= law.number("credit.crime_one_worker_months") else Decimal(0),
        sum(owed, Decimal(0)) if len(owed) >= 10 else Decimal(0),
    ]
    if any(amount >= most for amount, (_, most) in zip(sums, ranges, strict=True)):
        return Assessment(True, "above_range")
    if any(amount >= least for amount, (least, _) in zip(sums, ranges, strict=True)):
        return Assessment(None, "within_range")
    return Assessment(False, "below_range")


def check_grounds(
    kind: Kind, *, overdue: bool, reached: bool | None, judged: bool, incident: bool, category: str | None, law: Law
) -> None:
    """Raise RuleBroken unless the conditions of a listing are there: for wages, all of `credit.listing_requires`.

    `judged`: the officer says that the sums are reached where the machine cannot.
    """
    if kind == "serious_violation":
        if category not in law.texts("credit.publish_categories"):
            raise RuleBroken("no-such-category", "不属于应予公布的情形", "this is none of what is published")
        return
    met = {
        "order_overdue": overdue,
        "threshold_or_incident": incident or reached is True or (reached is None and judged),
    }
    if missing := [code for code in law.texts("credit.listing_requires") if not met.get(code, False)]:
        raise RuleBroken("listing-grounds", "不符合列入名单的条件", f"not there: {', '.join(missing)}")


def check_silence(texts: Iterable[str], names: Collection[str]) -> None:
    """Raise RuleBroken where what is published names a worker."""
    if any(name in text for text in texts for name in names):
        raise RuleBroken("names-worker", "公布内容不得含有劳动者个人信息", "what is published names no worker")


def may_list(notified_until: dt.date, state: State, today: dt.date, *, proposer: str, approver: str) -> None:
    """Raise Conflict where the time to speak is not over, or where one person would propose and decide."""
    if proposer == approver:
        raise Conflict("same-officer", "应由另一名人员决定", "another officer decides than who proposed")
    if state == "notified" and today <= notified_until:
        raise Conflict("may-still-speak", "陈述申辩期限尚未届满", "the enterprise may still speak")


def check_stands(order: OrderState) -> None:
    """Raise Conflict where the order that a listing follows from was withdrawn: nothing was breached then."""
    if order == "withdrawn":
        raise Conflict(
            "order-withdrawn", "责令改正已撤销，不得列入", "the order was withdrawn: nothing follows from it"
        )


def check_put_right(order: OrderState) -> None:
    """Raise Conflict where an enterprise would be taken off early while two officers have not found that it has put things right
    (人社部令第45号: 已经改正拖欠农民工工资违法行为的)."""
    if order in STANDING:
        raise Conflict(
            "not-put-right",
            "责令改正尚未核查确认已改正，不得提前移出",
            "the order is not found to be met: the enterprise stays on the list",
        )


def until(listed_on: dt.date, law: Law) -> dt.date:
    """The last day of a listing."""
    return calendar.months_after(listed_on, 12 * law.number("credit.listing_years"))


def published_from(decided_on: dt.date, months: int) -> dt.date:
    """The first day of the next period of publication: of a quarter, by three months."""
    first = decided_on.month - (decided_on.month - 1) % months
    return calendar.months_after(decided_on.replace(month=first, day=1), months)


def may_ask_removal(
    put_right_on: dt.date, listed_on: dt.date | None, today: dt.date, law: Law, *, pledged: bool
) -> None:
    """Raise Conflict unless the enterprise pledges honesty, and has been on the list long enough since it put things right: what was
    put right before the listing counts from that (人社部令第45号: 列入期间偿还拖欠工资的，自改正之日起满6个月)."""
    if not pledged:
        raise Conflict("no-pledge", "应当作出守信承诺", "a pledge of honesty is needed")
    since = put_right_on if listed_on is None else max(put_right_on, listed_on)
    if today < calendar.months_after(since, law.number("credit.early_removal_months")):
        raise Conflict("too-early", "改正后未满规定期限", "too little time has passed since things were put right")

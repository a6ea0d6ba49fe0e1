"""How a case may end, and what follows from a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shared.contracts.complaints import CaseOutcome
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law
from shared.states import Machine

State = Literal["proposed", "approved", "sent_back"]
Move = Literal["approve", "send_back"]
Side = Literal["reporter", "enterprise"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("proposed", "approve"): "approved",
    ("proposed", "send_back"): "sent_back",
}

STATES: Machine[State, Move, State] = Machine("decision", MOVES, kind="decision-state", zh="该处理意见已经审批")

GUIDANCE: Final[CaseOutcome] = "guidance"
"""Administrative guidance (约谈、指导): for what the law gives no ground to punish, such as work that is not fully employment."""
BURDENS: Final[frozenset[CaseOutcome]] = frozenset({"penalty", "order"})
"""Outcomes before which the enterprise is heard (劳动保障监察条例 art. 19)."""


@dataclass(frozen=True, slots=True)
class Remedies:
    """Until when a decision is contested: before the reviewing authority, and in court (行政复议法 art. 20; 行政诉讼法 art. 46)."""

    review_by: dt.date
    sue_by: dt.date


def check_outcome(outcome: CaseOutcome, law: Law, *, platform: bool, heard: bool) -> None:
    """Raise unless a case can end so: as the law lists it or with guidance, and what burdens an enterprise only after it was
    heard."""
    if outcome not in (*law.texts("inspection.outcomes"), GUIDANCE):
        raise RuleBroken("no-such-outcome", "法律没有规定这种处理结果", "the law knows no such outcome")
    if outcome in BURDENS and not (platform and heard):
        raise Conflict("not-heard", "作出该处理前应当听取单位的陈述、申辩", "the enterprise is heard first")


def check_approver(proposed_by: str, approver: str) -> None:
    """Raise Conflict where somebody approves what they proposed."""
    if proposed_by == approver:
        raise Conflict("own-proposal", "不能审批本人提出的处理意见", "nobody approves what they proposed")


def remedies(served_on: dt.date, law: Law) -> Remedies:
    return Remedies(
        review_by=calendar.add_days(served_on, law.days("admin_review.apply_days")).due,
        sue_by=calendar.add_months(served_on, law.number("admin_suit.apply_months")).due,
    )


def served_on_all(served: Mapping[Side, dt.date], *, platform: bool, reporter: bool) -> bool:
    """Whether a decision has reached whoever there is on either side."""
    return (not platform or "enterprise" in served) and (not reporter or "reporter" in served)

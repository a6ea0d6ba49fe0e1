"""How a case may end, and what follows from a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal

from shared.contracts.complaints import CaseOutcome
from shared.errors import Conflict, RuleBroken
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


def check_outcome(outcome: CaseOutcome, law: Law, *, platform: bool, heard: bool) -> None:
    """Raise unless a case can end so: as the law lists it or with guidance, and what burdens an enterprise only after it was
    heard."""
    if outcome not in (*law.texts("inspection.outcomes"), GUIDANCE):
        raise RuleBroken("no-such-outcome", "法律没有规定这种处理结果", "the law knows no such outcome")
    if outcome in BURDENS and not (platform and heard):
        raise Conflict("not-heard", "作出该处理前应当听取单位的陈述、申辩", "the enterprise is heard first")


def check_penalty(outcome: CaseOutcome, penalty_id: str | None) -> None:
    """Raise RuleBroken unless a case that ends with a penalty, and no other, names it: it is decided by its own procedure
    (行政处罚法 art. 38, 44)."""
    if (outcome == "penalty") is (penalty_id is None):
        raise RuleBroken(
            "penalty-named",
            "以行政处罚结案的，须写明已依法作出的行政处罚；其他处理结果不得写明",
            "what ends with a penalty names the one that was decided, and nothing else does",
        )


def check_approver(proposed_by: str, approver: str) -> None:
    """Raise Conflict where somebody approves what they proposed."""
    if proposed_by == approver:
        raise Conflict("own-proposal", "不能审批本人提出的处理意见", "nobody approves what they proposed")


def served_on_all(served: Mapping[Side, dt.date], *, platform: bool, reporter: bool) -> bool:
    """Whether a decision has reached whoever there is on either side."""
    return (not platform or "enterprise" in served) and (not reporter or "reporter" in served)

"""How a nomination for a professional title moves, and what belongs to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, Literal

from shared.contracts.subsidies import TitleRank
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

State = Literal["none", "submitted", "returned", "refused", "withdrawn", "forwarded", "awarded", "not_awarded"]
Move = Literal["submit", "return", "resubmit", "refuse", "withdraw", "forward", "award", "decline"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("none", "submit"): "submitted",
    ("submitted", "return"): "returned",
    ("returned", "resubmit"): "submitted",
    ("submitted", "refuse"): "refused",
    ("submitted", "withdraw"): "withdrawn",
    ("returned", "withdraw"): "withdrawn",
    ("submitted", "forward"): "forwarded",
    ("forwarded", "award"): "awarded",
    ("forwarded", "decline"): "not_awarded",
}

STATES: Machine[State, Move, State] = Machine(
    "nomination for a title", MOVES, kind="nomination-state", zh="该职称推荐的当前状态不允许此操作"
)

RUNNING: Final[frozenset[State]] = frozenset({"submitted", "returned", "forwarded", "awarded"})
"""The states in which no other nomination for the same title and year is taken."""

OPEN: Final[frozenset[State]] = frozenset({"submitted", "returned"})
"""The states in which papers are handed in: the nomination is not forwarded, and not over."""

MOST: Final = 40
"""Files of a nomination."""

RANKS: Final[Mapping[TitleRank, str]] = {
    "assistant": "初级（助理级、员级）",
    "intermediate": "中级",
    "associate_senior": "副高级",
    "senior": "正高级",
}


def check_open(state: State, kept: int) -> None:
    """Raise where no further paper is taken: the nomination is forwarded or over, or has `kept` many already."""
    if state not in OPEN:
        raise Conflict(
            "nomination-state", "该职称推荐的当前状态不允许补充材料", "papers are not handed in now", state=state
        )
    if kept >= MOST:
        raise RuleBroken("too-many-files", f"每件推荐的材料不得超过{MOST}份", f"a nomination has at most {MOST} files")


def missing(kinds: Collection[str], law: Law) -> tuple[str, ...] | None:
    """The kinds of material that a nomination lacks; None where nobody has said what belongs to it, and the officer judges."""
    try:
        wanted = law.texts("title_nomination.materials")
    except MissingParameter:
        return None
    return tuple(kind for kind in wanted if kind not in kinds)

"""What an officer may say of a platform's course: in which trades it opens the gate before work, and how long it holds.

`meet` is the course in a trade of which nothing was said yet (德人社发〔2022〕95 号 art. 7; 安全生产法 art. 28).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from shared.contracts.platform import Industry
from shared.errors import RuleBroken
from shared.states import Machine

State = Literal["open", "decided"]
Event = Literal["meet", "decide"]

MOVES: Mapping[tuple[State, Event], State] = {
    ("open", "meet"): "open",
    ("open", "decide"): "decided",
    ("decided", "meet"): "open",
    ("decided", "decide"): "decided",
}

STATES: Machine[State, Event, State] = Machine(
    "reported course", MOVES, kind="course-state", zh="该课程的当前状态不允许此操作"
)


@dataclass(frozen=True, slots=True)
class Word:
    """What was decided of a course: the trades whose gate it opens, those whose gate it does not open, and for how many months
    it holds; None: it does not lapse as long as no period is published."""

    opens: frozenset[Industry]
    shuts: frozenset[Industry]
    months: int | None

    def covers(self, industry: str | None) -> bool:
        return industry in self.opens or industry in self.shuts


def decided(opens: Collection[Industry], shuts: Collection[Industry], months: int | None) -> Word:
    """A decision; raises RuleBroken where it says nothing, or both of one trade."""
    word = Word(frozenset(opens), frozenset(shuts), months)
    if (not word.opens and not word.shuts) or word.opens & word.shuts:
        raise RuleBroken(
            "course-trades",
            "须说明该课程在哪些行业有效或者无效，同一行业只能选其一",
            "say in which trades the course counts or does not, and one thing of each",
        )
    return word

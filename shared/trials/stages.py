"""A trial's stages: what a service reckons again, some facts at a time, so that memory stays flat and a crash loses one step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from shared.policy import drafts
from shared.policy.parameters import Parameters, parameters
from shared.trials.tally import Tally

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Trying:
    """A month (YYYY-MM), and the parameters as they would be with the draft."""

    month: str
    draft: Parameters

    def both(self, calculate: Callable[[], T]) -> tuple[T, T]:
        """What comes out by what is in force, and by the draft."""
        before = calculate()
        with parameters.tried(self.draft):
            return before, calculate()


Step = Callable[[Trying, str, Tally], Awaitable[str | None]]
"""Reckon the next facts behind a place (empty: from the first on), and say where to go on; None at the end."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One kind of facts."""

    name: str
    step: Step


@dataclass(slots=True)
class Course:
    """How far a trial is: the number of the stage, and the place in it."""

    stage: int = 0
    after: str = ""
    tally: Tally = field(default_factory=Tally)


async def advance(course: Course, stages: Sequence[Stage], trying: Trying) -> bool:
    """Take the next step; says whether there is a further one."""
    place = await stages[course.stage].step(trying, course.after, course.tally)
    course.after = place or ""
    if place is None:
        course.stage += 1
    return course.stage < len(stages)


def trying(text: str, month: str) -> Trying:
    """A draft read; raises RuleBroken where it is refused."""
    return Trying(month, _read(text))


@lru_cache(maxsize=4)
def _read(text: str) -> Parameters:
    """The same object for every step of a trial, so that what is remembered of one step serves the next."""
    return drafts.read(text, parameters)

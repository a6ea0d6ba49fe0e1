"""A joint task: who has a part in it, and what may happen to the task and to each part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.errors import Conflict, RuleBroken
from shared.identity.regions import CITY
from shared.policy.parameters import Law
from shared.states import Machine

State = Literal["open", "concluded"]
Move = Literal["ask", "conclude"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("open", "ask"): "open",
    ("open", "conclude"): "concluded",
}
JOINT: Machine[State, Move, State] = Machine(
    "joint task", MOVES, kind="joint-state", zh="该联合执法任务的当前状态不允许此操作"
)

PartState = Literal["asked", "answered", "closed"]
PartMove = Literal["answer", "ask_again", "close"]

PART_MOVES: Final[Mapping[tuple[PartState, PartMove], PartState]] = {
    ("asked", "answer"): "answered",
    ("answered", "ask_again"): "asked",
    ("asked", "close"): "closed",
}
"""A part that waits when the lead department decides is closed without an answer. A missed term changes no state."""

Outcome = Literal["no_violation", "corrected", "ordered", "punished", "referred"]
"""未发现违法、已改正、责令改正、行政处罚、移送。"""

ORDERED: Final[frozenset[Outcome]] = frozenset({"ordered", "punished"})
"""Results from which an order to put right may follow (a penalty goes with one: 行政处罚法 art. 28)."""

PART: Machine[PartState, PartMove, PartState] = Machine(
    "part of a joint task", PART_MOVES, kind="part-state", zh="该部门任务的当前状态不允许此操作"
)

LEAST_DEPARTMENTS: Final = 2
LONGEST: Final = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a department is asked for, until when."""

    department: str
    due_on: dt.date


def lead_of(article: str, law: Law) -> str:
    """The department that leads on an article."""
    return law.text("duty.lead", article)


def check_parts(article: str, parts: Sequence[Asked], today: dt.date, law: Law) -> None:
    """Raise RuleBroken unless the parts go to two or more departments of the article, its lead among them, each once."""
    named = [part.department for part in parts]
    if len(set(named)) != len(named) or len(named) < LEAST_DEPARTMENTS:
        raise RuleBroken(
            "parts", "联合执法至少由两个部门参加，每个部门一项任务", "two or more departments, a part each"
        )
    responsible = law.texts("duty.departments", article)
    if others := sorted(set(named) - set(responsible)):
        raise RuleBroken(
            "not-responsible",
            "所列部门不是该条的责任单位",
            "the article does not name these departments",
            departments=others,
        )
    if lead_of(article, law) not in named:
        raise RuleBroken("no-lead", "牵头部门应承担一项任务", "the lead department has a part too")
    for part in parts:
        check_due(part.due_on, today)


def check_origin(whose: str | None, where: str, enterprise: str, district: str) -> None:
    """Raise RuleBroken where what a task comes from is about another enterprise, or about a district that is not the task's; what
    is the city's is about each of them."""
    if whose not in (None, enterprise) or (where != district and CITY not in (where, district)):
        raise RuleBroken(
            "origin-differs", "与来源的单位或者区县不一致", "the origin is about another enterprise or district"
        )


def check_ordered(outcome: Outcome | None) -> None:
    """Raise Conflict where an order to put right does not follow from the result."""
    if outcome not in ORDERED:
        raise Conflict(
            "joint-result",
            "联合执法结论不是责令改正或者行政处罚",
            "the result of the joint task is neither an order nor a penalty",
        )


def check_due(due_on: dt.date, today: dt.date) -> None:
    if not today < due_on <= today + LONGEST:
        raise RuleBroken("due-day", "完成期限应晚于今天，且在一年以内", "a part is due after today, within a year")


def check_conclusion(waiting: Collection[str], reason: str | None) -> None:
    """Raise Conflict where the lead would decide without an answer and without a reason for that."""
    if waiting and not reason:
        raise Conflict(
            "parts-waiting",
            "尚有部门未答复，提前作出结论应说明理由",
            "some have not answered: deciding before needs a reason",
            departments=sorted(waiting),
        )

"""What may happen to a collective contract, and what may be agreed (劳动法 art. 34; 劳动合同法 art. 54, 55).

Of a contract in force, `object` and `effect` are those of an amendment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import Deadline, add_days
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

State = Literal["draft", "filed", "objected", "in_force", "ended"]
Event = Literal["revise", "file", "object", "effect", "amend", "shorten", "end"]

MOVES: Mapping[tuple[State, Event], State] = {
    ("draft", "revise"): "draft",
    ("draft", "file"): "filed",
    ("filed", "object"): "objected",
    ("filed", "effect"): "in_force",
    ("objected", "revise"): "draft",
    ("in_force", "amend"): "in_force",
    ("in_force", "object"): "in_force",
    ("in_force", "effect"): "in_force",
    ("in_force", "shorten"): "in_force",
    ("in_force", "end"): "ended",
}

STATES: Machine[State, Event, State] = Machine(
    "collective contract", MOVES, kind="contract-state", zh="该集体合同的当前状态不允许此操作"
)


def objected(state: State, *, amended: bool) -> State:
    """The state after the labour department objects; raises Conflict where nothing is under review."""
    if state == "in_force" and not amended:
        raise Conflict(STATES.kind, STATES.zh, "object is not possible: no amendment is under review")
    return STATES.next(state, "object")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What is agreed from a day on; None is not agreed. `hourly_pay` is yuan, `waiting_percent` of the time of orders."""

    since: dt.date
    hourly_pay: Decimal | None
    longest_continuous_minutes: int | None
    longest_daily_minutes: int | None
    waiting_percent: Decimal | None


def file_by(signed_on: dt.date, law: Law) -> Deadline:
    """Until when a signed contract must be handed in (集体合同规定 art. 42); raises MissingParameter."""
    return add_days(signed_on, law.days("bargaining.filing_days"))


def object_by(received_on: dt.date, law: Law) -> Deadline:
    """The last day for the labour department to object; the contract is in force from the day after (劳动合同法 art. 54)."""
    return add_days(received_on, law.days("bargaining.objection_days"))


def check(agreed: Agreed, law: Law) -> str | None:
    """Raise `RuleBroken` for terms that agree nothing, contradict themselves or lie under the minimum wage.

    `law` is that of the first day of the terms, at the place (劳动合同法 art. 55). Where no minimum is known there, the
    answer says why a person must look at the terms.
    """
    parts = (agreed.hourly_pay, agreed.longest_continuous_minutes, agreed.longest_daily_minutes, agreed.waiting_percent)
    if all(part is None for part in parts):
        raise RuleBroken("terms-empty", "没有约定任何条款", "the terms agree nothing")
    continuous, daily = agreed.longest_continuous_minutes, agreed.longest_daily_minutes
    if continuous is not None and daily is not None and continuous > daily:
        raise RuleBroken(
            "terms-contradict",
            "连续最长接单时间不能超过每日最长接单时间",
            "the longest continuous time exceeds the longest daily time",
        )
    if agreed.hourly_pay is None:
        return None
    try:
        minimum = law.amount("minimum_wage.hourly")
    except MissingParameter as missing:
        return str(missing)
    if agreed.hourly_pay < minimum:
        raise RuleBroken(
            "pay-below-minimum",
            f"约定的小时报酬低于当地小时最低工资标准{minimum}元（劳动合同法第五十五条）",
            f"the agreed hourly pay is below the minimum wage of {minimum} yuan (劳动合同法 art. 55)",
        )
    return None

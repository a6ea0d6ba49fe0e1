"""What may happen to a collective contract, and what may be agreed (劳动法 art. 34; 劳动合同法 art. 51, 54, 55).

A draft that the workers' congress, or all workers, have not passed cannot be handed in; `reject` is a vote that it did not pass.
Of a contract in force, `object` and `effect` are those of an amendment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.contracts.platform import Industry
from shared.contracts.registry import ClauseUnit, Subject
from shared.errors import Conflict, RuleBroken
from shared.policy.calendar import Deadline, add_days
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

State = Literal["draft", "passed", "filed", "objected", "in_force", "ended"]
Event = Literal["revise", "pass", "reject", "file", "object", "effect", "amend", "shorten", "end"]

Assembly = Literal["congress", "all_workers"]
"""职工代表大会或者全体职工。"""

MOVES: Mapping[tuple[State, Event], State] = {
    ("draft", "revise"): "draft",
    ("draft", "pass"): "passed",
    ("draft", "reject"): "draft",
    ("passed", "revise"): "draft",
    ("passed", "file"): "filed",
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
class Vote:
    """How a draft was voted on, by the workers' congress or by all workers: how many there are, were present, were for and
    against it, on which day, and the SHA-256 hash of the minutes."""

    body: Assembly
    entitled: int
    present: int
    in_favour: int
    against: int
    held_on: dt.date
    minutes_sha256: str


def passed(vote: Vote, signed_on: dt.date, today: dt.date, law: Law) -> bool:
    """Whether a draft has passed (劳动合同法 art. 51; 集体合同规定 art. 36: two thirds present, half of all in favour).

    Raises RuleBroken for figures or days that cannot be: it is signed once it has passed (art. 37).
    """
    if not vote.in_favour + vote.against <= vote.present <= vote.entitled or vote.entitled < 1:
        raise RuleBroken("vote-figures", "表决人数有误", "the numbers of the vote do not fit one another")
    if vote.held_on > today:
        raise RuleBroken("vote-day", "表决日期不能晚于今天", "the vote is on a day to come")
    enough = vote.present >= law.fraction("bargaining.quorum") * vote.entitled
    won = enough and vote.in_favour >= law.fraction("bargaining.majority") * vote.entitled
    if won and signed_on < vote.held_on:
        raise signed_before_vote()
    return won


def signed_before_vote() -> RuleBroken:
    return RuleBroken(
        "signed-before-vote",
        "集体合同草案经职工代表大会或者全体职工讨论通过后才能签字",
        "a draft is signed after it has passed",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One thing that is agreed on a subject. `amount` is yuan for each `unit`, `percent` of the fee; `text` is the wording.

    `since` and `until` are its own days, None where they are those of the terms.
    """

    subject: Subject
    industry: Industry | None = None
    amount: Decimal | None = None
    unit: ClauseUnit | None = None
    percent: Decimal | None = None
    text: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What is agreed from a day on; None is not agreed. `hourly_pay` is yuan, `waiting_percent` of the time of orders."""

    since: dt.date
    hourly_pay: Decimal | None
    longest_continuous_minutes: int | None
    longest_daily_minutes: int | None
    waiting_percent: Decimal | None
    clauses: Sequence[Clause] = ()


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
    if all(part is None for part in parts) and not agreed.clauses:
        raise RuleBroken("terms-empty", "没有约定任何条款", "the terms agree nothing")
    continuous, daily = agreed.longest_continuous_minutes, agreed.longest_daily_minutes
    if continuous is not None and daily is not None and continuous > daily:
        raise RuleBroken(
            "terms-contradict",
            "连续最长接单时间不能超过每日最长接单时间",
            "the longest continuous time exceeds the longest daily time",
        )
    for clause in agreed.clauses:
        _check_clause(clause, agreed.since)
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


def check_clause_days(agreed: Agreed, valid_to: dt.date) -> None:
    """Raise RuleBroken where a clause holds, or only begins, beyond the last day of the contract."""
    if any(max(one.since or agreed.since, one.until or agreed.since) > valid_to for one in agreed.clauses):
        raise RuleBroken("clause-days", "条款的起止日期有误", "a clause holds beyond the contract")


def _check_clause(clause: Clause, since: dt.date) -> None:
    """A piece rate is an amount for each unit, a commission a percentage, anything else a wording."""
    is_rate, is_share = clause.subject == "piece_rates", clause.subject == "commission"
    fits = is_rate == (clause.amount is not None) == (clause.unit is not None) and is_share == (
        clause.percent is not None
    )
    if not fits or not (is_rate or is_share or clause.text):
        raise RuleBroken(
            "clause-incomplete",
            "计件单价须写明金额和计件单位，抽成比例须写明百分比，其他事项须写明内容",
            "a piece rate needs an amount and a unit, a commission a percentage, anything else a wording",
        )
    first = clause.since or since
    if first < since or (clause.until is not None and clause.until < first):
        raise RuleBroken("clause-days", "条款的起止日期有误", "the days of a clause do not fit those of the terms")

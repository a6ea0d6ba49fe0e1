"""What may happen to a consultation and to a collective contract, and what may be agreed.

A consultation (集体合同规定 art. 32-36). `answer` is an enterprise's word that it takes part, `refuse` that it does not
when it is the last one to say so; `conclude` is a contract or minutes:

    state   | event    | next state
    --------|----------|-----------
    asked   | answer   | talking
    asked   | refuse   | refused
    asked   | withdraw | closed
    asked   | fail     | closed
    refused | answer   | talking
    refused | withdraw | closed
    refused | fail     | closed
    talking | answer   | talking
    talking | refuse   | talking
    talking | note     | talking
    talking | conclude | closed
    talking | withdraw | closed
    talking | fail     | closed

A collective contract (劳动法 art. 34; 劳动合同法 art. 54):

    state    | event    | next state
    ---------|----------|-----------
    draft    | revise   | draft
    draft    | file     | filed
    filed    | object   | objected
    filed    | effect   | in_force
    objected | revise   | draft
    in_force | amend    | in_force
    in_force | object   | in_force      to an amendment that does not hold yet
    in_force | effect   | in_force      of an amendment
    in_force | shorten  | in_force
    in_force | end      | ended

Everything else is forbidden.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from shared.contracts.registry import Subject
from shared.policy.calendar import Deadline, add_days
from shared.policy.parameters import Law, MissingParameter

Level = Literal["enterprise", "industry", "region"]
Side = Literal["union", "representatives"]
Outcome = Literal["contract", "minutes", "failed", "withdrawn"]

MOST_NOTES = 100
"""How many notes one caller may put to one consultation: ours, not the law's."""

ConsultationState = Literal["asked", "refused", "talking", "closed"]
ConsultationEvent = Literal["answer", "refuse", "note", "conclude", "withdraw", "fail"]

CONSULTATION: dict[tuple[ConsultationState, ConsultationEvent], ConsultationState] = {
    ("asked", "answer"): "talking",
    ("asked", "refuse"): "refused",
    ("asked", "withdraw"): "closed",
    ("asked", "fail"): "closed",
    ("refused", "answer"): "talking",
    ("refused", "withdraw"): "closed",
    ("refused", "fail"): "closed",
    ("talking", "answer"): "talking",
    ("talking", "refuse"): "talking",
    ("talking", "note"): "talking",
    ("talking", "conclude"): "closed",
    ("talking", "withdraw"): "closed",
    ("talking", "fail"): "closed",
}

ContractState = Literal["draft", "filed", "objected", "in_force", "ended"]
ContractEvent = Literal["revise", "file", "object", "effect", "amend", "shorten", "end"]

CONTRACT: dict[tuple[ContractState, ContractEvent], ContractState] = {
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


class Forbidden(ValueError):
    """The state does not allow this."""


class NotAgreeable(ValueError):
    """What is agreed may not be: `kind` is the problem's, `zh` says why in Chinese."""

    def __init__(self, kind: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.kind, self.zh, self.en = kind, zh, en


def consultation_after(state: ConsultationState, event: ConsultationEvent) -> ConsultationState:
    """The next state of a consultation; raises `Forbidden`."""
    try:
        return CONSULTATION[state, event]
    except KeyError:
        raise Forbidden(f"{event} in {state}") from None


def contract_after(state: ContractState, event: ContractEvent) -> ContractState:
    """The next state of a collective contract; raises `Forbidden`."""
    try:
        return CONTRACT[state, event]
    except KeyError:
        raise Forbidden(f"{event} in {state}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What is agreed from a day on; None is not agreed. `hourly_pay` is yuan, `waiting_percent` of the time of orders."""

    since: dt.date
    hourly_pay: Decimal | None
    longest_continuous_minutes: int | None
    longest_daily_minutes: int | None
    waiting_percent: Decimal | None


def subject_names(law: Law) -> dict[Subject, str]:
    """The subjects of consultations with their Chinese names (德人社发〔2022〕95 号 art. 10)."""
    return dict(zip(get_args(Subject), law.texts("bargaining.topics"), strict=True))


def answer_by(asked_on: dt.date, law: Law) -> Deadline:
    """Until when the other side must answer in writing (集体合同规定 art. 32); raises MissingParameter."""
    return add_days(asked_on, law.days("bargaining.answer_days"))


def file_by(signed_on: dt.date, law: Law) -> Deadline:
    """Until when a signed contract must be handed in (集体合同规定 art. 42); raises MissingParameter."""
    return add_days(signed_on, law.days("bargaining.filing_days"))


def object_by(received_on: dt.date, law: Law) -> Deadline:
    """The last day for the labour department to object; the contract is in force from the day after (劳动合同法 art. 54)."""
    return add_days(received_on, law.days("bargaining.objection_days"))


def check(agreed: Agreed, law: Law) -> str | None:
    """Raise `NotAgreeable` for terms that agree nothing, contradict themselves or lie under the minimum wage.

    `law` is that of the first day of the terms, at the place (劳动合同法 art. 55). Where no minimum is known there, the
    answer says why a person must look at the terms.
    """
    parts = (agreed.hourly_pay, agreed.longest_continuous_minutes, agreed.longest_daily_minutes, agreed.waiting_percent)
    if all(part is None for part in parts):
        raise NotAgreeable("terms-empty", "没有约定任何条款", "the terms agree nothing")
    continuous, daily = agreed.longest_continuous_minutes, agreed.longest_daily_minutes
    if continuous is not None and daily is not None and continuous > daily:
        raise NotAgreeable(
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
        raise NotAgreeable(
            "pay-below-minimum",
            f"约定的小时报酬低于当地小时最低工资标准{minimum}元（劳动合同法第五十五条）",
            f"the agreed hourly pay is below the minimum wage of {minimum} yuan (劳动合同法 art. 55)",
        )
    return None

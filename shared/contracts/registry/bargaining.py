"""What the registry tells of consultations and collective contracts (德人社发〔2022〕95 号 art. 10)."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

import msgspec

from shared.contracts.base import Fact, Id, Money, Topic, event
from shared.contracts.platform import District, Industry

BARGAINING = Topic("registry.bargaining", partitions=1)

Subject = Literal[
    "entry_and_exit",
    "order_allocation",
    "piece_rates",
    "commission",
    "pay",
    "hours",
    "rewards_and_penalties",
    "algorithms",
]


class ConsultationFact(Fact, frozen=True, kw_only=True):
    """A consultation; `platforms` are the enterprises on one side, empty where a whole trade is.

    `unions`: the ids of those within whose scope it lies, but for the one that does what the event tells.
    """

    consultation_id: Id
    level: Literal["enterprise", "industry", "region"]
    platforms: tuple[Id, ...]
    industry: Industry | None
    district: District
    subjects: tuple[Subject, ...]
    unions: tuple[Id, ...] = ()


class ConsultationFields(TypedDict):
    """The fields of `ConsultationFact`, for whoever makes its events."""

    consultation_id: Id
    level: Literal["enterprise", "industry", "region"]
    platforms: tuple[Id, ...]
    industry: Industry | None
    district: District
    subjects: tuple[Subject, ...]
    unions: tuple[Id, ...]


@event("cn.deyang.registry.consultation.opened.v1", topic=BARGAINING, key="consultation_id")
class ConsultationOpened(ConsultationFact, frozen=True, kw_only=True):
    """One side has asked for a consultation. `side`: who speaks for the workers; null in events older than the field. `asked`: the
    enterprises of the trade that are asked, where none are named."""

    side: Literal["union", "representatives"] | None = None
    asked: tuple[Id, ...] = ()


@event("cn.deyang.registry.consultation.answered.v1", topic=BARGAINING, key="consultation_id")
class ConsultationAnswered(ConsultationFact, frozen=True, kw_only=True):
    """An enterprise, or an officer for those of a trade (`platform` null), has answered the demand (集体合同规定 art. 32)."""

    platform: Id | None
    takes_part: bool


@event("cn.deyang.registry.consultation.closed.v1", topic=BARGAINING, key="consultation_id")
class ConsultationClosed(ConsultationFact, frozen=True, kw_only=True):
    """The consultation has come to its end."""

    outcome: Literal["contract", "minutes", "failed", "withdrawn"]
    contract_id: Id | None


@event("cn.deyang.registry.consultation.answer_near.v1", topic=BARGAINING, key="consultation_id")
class ConsultationAnswerNear(ConsultationFact, frozen=True, kw_only=True):
    """The term for a written answer is over soon (集体合同规定 art. 32). `unanswered`: the enterprises that have not answered,
    none where those of a whole trade are asked; `answer_by` is the last day."""

    answer_by: date
    unanswered: tuple[Id, ...]


@event("cn.deyang.registry.consultation.answer_overdue.v1", topic=BARGAINING, key="consultation_id")
class ConsultationAnswerOverdue(ConsultationFact, frozen=True, kw_only=True):
    """The term for a written answer is over (集体合同规定 art. 32). `unanswered`: the enterprises that have not answered, none where
    those of a whole trade are asked; `answer_by` was the last day."""

    answer_by: date
    unanswered: tuple[Id, ...]


ClauseUnit = Literal["order", "kilometre", "kilogram", "piece", "hour"]
"""For what a piece rate is paid."""


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is agreed, on one of the subjects of consultations; its wording is read at the contract.

    `amount` is yuan for each `unit` (a piece rate), `percent` of the fee (a commission); `industry` null is every trade. `since`
    and `until` are its own days where they are not those of the terms.
    """

    subject: Subject
    industry: Industry | None
    amount: Money | None
    unit: ClauseUnit | None
    percent: str | None
    since: date | None
    until: date | None


class Terms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is agreed from a day on; a null part is not agreed.

    `hourly_pay` is yuan for an hour of working time, `longest_continuous_minutes` and `longest_daily_minutes` of taking
    orders, `waiting_percent` the allowance for waiting, in percent of the time of orders. `clauses`: what else is agreed.
    """

    since: date
    hourly_pay: Money | None
    longest_continuous_minutes: int | None
    longest_daily_minutes: int | None
    waiting_percent: str | None
    clauses: tuple[Clause, ...] = ()


class CollectiveContractFact(Fact, frozen=True, kw_only=True):
    """A collective contract as it stands: whom it binds, both days of its validity, and its terms by day.

    `unions`: the ids of those within whose scope it lies.
    """

    contract_id: Id
    number: str
    level: Literal["enterprise", "industry", "region"]
    platforms: tuple[Id, ...]
    industry: Industry | None
    district: District
    valid_from: date
    valid_to: date
    terms: tuple[Terms, ...]
    unions: tuple[Id, ...] = ()


class CollectiveContractFields(TypedDict):
    """The fields of `CollectiveContractFact`, for whoever makes its events."""

    contract_id: Id
    number: str
    level: Literal["enterprise", "industry", "region"]
    platforms: tuple[Id, ...]
    industry: Industry | None
    district: District
    valid_from: date
    valid_to: date
    terms: tuple[Terms, ...]
    unions: tuple[Id, ...]


@event("cn.deyang.registry.collective_contract.voted.v1", topic=BARGAINING, key="contract_id")
class CollectiveContractVoted(CollectiveContractFact, frozen=True, kw_only=True):
    """The workers' congress, or all workers, have voted on a draft (劳动合同法 art. 51). `file_by`: the last day to hand it in, where
    it has passed."""

    passed: bool
    held_on: date
    file_by: date | None


@event("cn.deyang.registry.collective_contract.filing_near.v1", topic=BARGAINING, key="contract_id")
class CollectiveContractFilingNear(CollectiveContractFact, frozen=True, kw_only=True):
    """A signed contract that has passed is to be handed in soon, until `file_by` (集体合同规定 art. 42)."""

    file_by: date


@event("cn.deyang.registry.collective_contract.filing_overdue.v1", topic=BARGAINING, key="contract_id")
class CollectiveContractFilingOverdue(CollectiveContractFact, frozen=True, kw_only=True):
    """A signed contract that has passed was not handed in by `file_by` (集体合同规定 art. 42)."""

    file_by: date


@event("cn.deyang.registry.collective_contract.filed.v1", topic=BARGAINING, key="contract_id")
class CollectiveContractFiled(CollectiveContractFact, frozen=True, kw_only=True):
    """A contract, or new terms of one, lie before the labour department, which may object until `object_by` (劳动合同法 art. 54)."""

    object_by: date


@event("cn.deyang.registry.collective_contract.objected.v1", topic=BARGAINING, key="contract_id")
class CollectiveContractObjected(CollectiveContractFact, frozen=True, kw_only=True):
    """The labour department objects to a contract, or to new terms of one in force."""

    to: Literal["contract", "amendment"]


@event("cn.deyang.registry.collective_contract.recorded.v1", topic=BARGAINING, key="contract_id")
class CollectiveContractRecorded(CollectiveContractFact, frozen=True, kw_only=True):
    """A collective contract is in force, or its terms were amended."""


@event("cn.deyang.registry.collective_contract.ended.v1", topic=BARGAINING, key="contract_id")
class CollectiveContractEnded(CollectiveContractFact, frozen=True, kw_only=True):
    """A collective contract has ended; `valid_to` was its last day."""

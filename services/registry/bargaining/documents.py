"""Consultations and collective contracts."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel, Field
from pymongo import ASCENDING, IndexModel

from services.registry.bargaining.rules import ConsultationState, ContractState, Level, Outcome, Side
from shared.contracts.platform import Industry
from shared.contracts.registry import Subject
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt
from shared.storage.fields import Yuan
from shared.storage.records import Record
from shared.storage.taken import Taken

DEMAND: Final = "consultation.demand"
ANSWER: Final = "consultation.answer"
NOTE: Final = "consultation.note"
SUMMARY: Final = "consultation.summary"
OBJECTION: Final = "collective_contract.objection"
END_REASON: Final = "collective_contract.end_reason"
"""The places that the texts of a consultation and of a contract are encrypted for."""


class Answer(BaseModel):
    """An enterprise's answer to the demand, for itself or, by an officer, for the enterprises of a trade. `text` is
    encrypted."""

    platform: str | None
    takes_part: bool
    text: Annotated[str, EncryptedAt(ANSWER)]
    at: dt.datetime


class Note(BaseModel):
    """An offer, a counter-offer or a record of a meeting. `by`: the side that put it down; `text` is encrypted."""

    by: str
    text: Annotated[str, EncryptedAt(NOTE)]
    at: dt.datetime


class Consultation(Record):
    """A demand for collective consultation and what came of it. `workers_side` names the union or the representatives'
    body, never persons; `platforms` is empty where the enterprises of a whole trade are the other side. `demand` and
    `summary` are encrypted."""

    level: Level
    side: Side
    workers_side: str
    platforms: list[str]
    industry: Industry | None
    district: str
    subjects: list[Subject]
    demand: Annotated[str, EncryptedAt(DEMAND)]
    asked_on: dt.date
    answer_by: dt.date
    opened_by: str
    state: ConsultationState = "asked"
    answers: list[Answer] = Field(default_factory=list)
    notes: list[Note] = Field(default_factory=list)
    outcome: Outcome | None = None
    summary: Annotated[str | None, EncryptedAt(SUMMARY)] = None
    contract_id: str | None = None
    closed_at: dt.datetime | None = None
    used: list[Used] = Field(default_factory=list)

    class Settings:
        name = "consultations"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("platforms", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("answer_by", ASCENDING)]),
        ]


class Terms(BaseModel):
    """What is agreed from a day on."""

    since: dt.date
    hourly_pay: Yuan | None
    longest_continuous_minutes: int | None
    longest_daily_minutes: int | None
    waiting_percent: Yuan | None


class Filing(BaseModel):
    """Terms before the labour department: when it got them, until when it may object, and whether they came late."""

    received_on: dt.date
    object_by: dt.date
    late: bool


class Amendment(BaseModel):
    """New terms that are filed and do not hold yet."""

    terms: Terms
    signed_on: dt.date
    filing: Filing


class Objection(BaseModel):
    """The labour department's objection to a contract or to an amendment. `reason` is encrypted."""

    to: str
    reason: Annotated[str, EncryptedAt(OBJECTION)]
    officer: str
    at: dt.datetime


class CollectiveContract(Record):
    """A collective contract. It binds `platforms`, or where there are none the `industry` (None: every trade) in the
    `district` (510600: the whole city). `in_force_from` is set when it comes into force; `terms` are by day and only grow
    once it has. `end_reason` is encrypted."""

    number: str
    consultation_id: str
    level: Level
    workers_side: str
    platforms: list[str]
    industry: Industry | None
    district: str
    signed_on: dt.date
    file_by: dt.date
    valid_from: dt.date
    valid_to: dt.date
    terms: list[Terms]
    state: ContractState = "draft"
    filing: Filing | None = None
    amendment: Amendment | None = None
    objections: list[Objection] = Field(default_factory=list)
    in_force_from: dt.date | None = None
    end_reason: Annotated[str | None, EncryptedAt(END_REASON)] = None
    to_check: str | None = None
    used: list[Used] = Field(default_factory=list)

    class Settings:
        name = "collective_contracts"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("platforms", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]


class ContractNumber(Taken):
    """The number of a collective contract, and the contract that has it."""

    class Settings:
        name = "contract_numbers"

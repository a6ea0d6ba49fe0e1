"""Consultations and collective contracts."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel, Field
from pymongo import ASCENDING, IndexModel

from services.registry.consultations.rules import Level, Outcome, Side, State
from shared.contracts.platform import Industry
from shared.contracts.registry import Subject
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record

DEMAND: Final = "consultation.demand"
ANSWER: Final = "consultation.answer"
NOTE: Final = "consultation.note"
SUMMARY: Final = "consultation.summary"


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
    state: State = "asked"
    answers: list[Answer] = Field(default_factory=list)
    notes: list[Note] = Field(default_factory=list)
    outcome: Outcome | None = None
    summary: Annotated[str | None, EncryptedAt(SUMMARY)] = None
    contract_id: str | None = None
    closed_at: dt.datetime | None = None
    used: list[Used] = Field(default_factory=list)

    class Settings:
        name = "consultations"
        indexes = [
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("platforms", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("answer_by", ASCENDING)]),
        ]

"""Investigations as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.investigations.rules import RequestState, StepKind
from shared.contracts.complaints import Category
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

RECORD: Final = "investigation.record"
QUESTION: Final = "inquiry.question"
ANSWER: Final = "inquiry.answer"
REASON: Final = "extension.reason"


class Participant(BaseModel):
    """An inspector who took part, with the number of the card."""

    officer: str
    certificate: str


class InvestigationStep(Record):
    """A step of an investigation, with its record and the files that it gave."""

    case_id: str
    kind: StepKind
    taken_on: dt.date
    participants: list[Participant]
    record: Annotated[str, EncryptedAt(RECORD)]
    evidence: list[str]
    used: list[Used]

    class Settings:
        name = "investigation_steps"
        indexes = [IndexModel([("case_id", ASCENDING), ("_id", ASCENDING)])]


class Answer(BaseModel):
    """What an enterprise answered, and when."""

    at: dt.datetime
    text: Annotated[str, EncryptedAt(ANSWER)]


class Inquiry(Record):
    """What an enterprise is asked of a case. Its id is random, so that it says nothing of the case or its time."""

    case_id: str
    platform: str
    category: Category
    article: str
    district: str
    lead_department: str
    question: Annotated[str, EncryptedAt(QUESTION)]
    asked_on: dt.date
    answer_by: dt.date
    answers: list[Answer] = []
    used: list[Used]

    class Settings:
        name = "inquiries"
        indexes = [
            IndexModel([("platform", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("case_id", ASCENDING), ("_id", ASCENDING)]),
        ]


class ExtensionRequest(Record):
    """What a handler asks: that the investigation be prolonged."""

    case_id: str
    reason: Annotated[str, EncryptedAt(REASON)]
    asked_by: str
    state: RequestState = "asked"
    decided_by: str | None = None

    class Settings:
        name = "extension_requests"
        indexes = [IndexModel([("case_id", ASCENDING), ("_id", ASCENDING)])]

    @property
    def clear_reason(self) -> str:
        return decrypt_field(REASON, self.id, self.reason)


def encrypted(place: str, record_id: str, text: str) -> str:
    return encrypt_field(place, record_id, text)


def clear(place: str, record_id: str, token: str) -> str:
    return decrypt_field(place, record_id, token)

"""What is stored of programmes."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.subsidies.programmes.rules import Mode, Remark, State
from shared.contracts.platform import Industry
from shared.contracts.subsidies import SkillLevel
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

ANSWER: Final = "programme.answer"
"""The place that what is written on a refusal or a cancellation is encrypted for."""


class Session(BaseModel):
    """One session of a programme."""

    code: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    hours: int


class Programme(Record):
    """A course. `filing`, `evaluator_filing`: under which filings it is given and examined, by the bodies `provider` and
    `evaluator` (credit codes); without an evaluator nobody is examined. `answer`, encrypted:
    why it was refused or cancelled.
    """

    number: str
    filing: str
    provider: str
    provider_name: str
    title: str
    industry: Industry
    occupation: str
    occupation_name: str
    level: SkillLevel
    hours: int
    capacity: int
    mode: Mode
    address: str
    district: str
    starts_on: dt.date
    ends_on: dt.date
    enrol_until: dt.date
    sessions: list[Session]
    evaluator_filing: str | None
    evaluator: str | None
    department: str
    state: State = "none"
    decided_by: str | None = None
    answer: Annotated[str | None, EncryptedAt(ANSWER)] = None
    remarks: list[Remark] = []
    used: list[Used] = []

    class Settings:
        name = "programmes"
        indexes = [
            IndexModel([("provider", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_answer(self) -> str | None:
        return None if self.answer is None else decrypt_field(ANSWER, self.id, self.answer)


def encrypted_answer(programme_id: str, answer: str) -> str:
    return encrypt_field(ANSWER, programme_id, answer)

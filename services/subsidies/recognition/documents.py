"""Recognitions as hard to employ, as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.subsidies.recognition.rules import Ending, State
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

CATEGORY: Final = "recognition.category"
REASON: Final = "recognition.reason"


class ProposedEnd(BaseModel):
    """That an officer proposes to end it, which another confirms."""

    ending: Ending
    by: str


class Closed(BaseModel):
    """That it ended otherwise than by employment, and its last day by that."""

    ending: Ending
    on: dt.date


class Recognition(Record):
    """A person is recognised as hard to employ; its id is the application's that was approved.

    `category` is encrypted: it may tell of health or poverty (个人信息保护法 art. 28). `since`, `until`: the days on which it holds,
    both included; `until` is null while no end is set. `check_by`: the last day of the next yearly check. `ended_on`: its last
    day where it has ended before; `ended_by`: the employment registration that ended it; `closed`: how it ended otherwise, which
    stands where the employment turns out to be none; `reason`, encrypted: why an officer ended it, or proposes to (`proposed`).
    `assist_by`: until when the office is to offer help to work; `offers`: how often it did.
    """

    number: str
    worker_id: str
    category: Annotated[str, EncryptedAt(CATEGORY)]
    district: str
    department: str
    state: State = "recognised"
    since: dt.date
    until: dt.date | None = None
    check_by: dt.date | None = None
    checked_on: dt.date | None = None
    checked_by: str | None = None
    ended_on: dt.date | None = None
    ending: Ending | None = None
    reason: Annotated[str | None, EncryptedAt(REASON)] = None
    ended_by: str | None = None
    closed: Closed | None = None
    proposed: ProposedEnd | None = None
    assist_by: dt.date | None = None
    offers: int = 0
    used: list[Used] = []

    class Settings:
        name = "recognitions"
        indexes = [
            IndexModel([("worker_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("ended_by", ASCENDING)]),
        ]

    @property
    def clear_category(self) -> str:
        return decrypt_field(CATEGORY, self.id, self.category)

    @property
    def clear_reason(self) -> str | None:
        return None if self.reason is None else decrypt_field(REASON, self.id, self.reason)

    @property
    def closing(self) -> Closed | None:
        """How it ended otherwise than by employment; what earlier versions stored says so by its ending alone."""
        if self.closed is None and self.state == "ended" and self.ending != "employed" and self.ended_on is not None:
            assert self.ending is not None
            return Closed(ending=self.ending, on=self.ended_on)
        return self.closed

    @property
    def last(self) -> dt.date | None:
        """The last day on which it holds."""
        ends = [day for day in (self.until, self.ended_on) if day is not None]
        return min(ends) if ends else None


def encrypted_category(recognition_id: str, category: str) -> str:
    return encrypt_field(CATEGORY, recognition_id, category)


def encrypted_reason(recognition_id: str, reason: str) -> str:
    return encrypt_field(REASON, recognition_id, reason)

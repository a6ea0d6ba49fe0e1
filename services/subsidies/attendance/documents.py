"""What is stored of attendance."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.subsidies.attendance.rules import Presence, Source, State
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

NOTE: Final = "attendance_sign.note"
"""The place that what an officer writes is encrypted for."""


class Report(BaseModel):
    """Who reported a session, and when."""

    source: Source
    at: dt.datetime


class AttendedSession(Record):
    """A person at a session; its id is `<enrolment>|<session>`, so that it counts once, whoever reports it. `struck`: an officer
    found that the person was not there, and its hours do not count."""

    enrolment_id: str
    programme_id: str
    worker_id: str
    session: str
    hours: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    reports: list[Report]
    struck: bool = False

    class Settings:
        name = "attended_sessions"
        indexes = [
            IndexModel([("enrolment_id", ASCENDING)]),
            IndexModel([("worker_id", ASCENDING), ("starts_at", ASCENDING)]),
        ]

    @staticmethod
    def key(enrolment_id: str, session: str) -> str:
        return f"{enrolment_id}|{session}"

    @property
    def presence(self) -> Presence:
        return Presence(self.id, self.worker_id, self.programme_id, self.starts_at, self.ends_at)


class Sign(Record):
    """That one person was at two sessions at the same time; its id follows from those of both reports. `department` checks it;
    `district` is null, and the city's, where the two programmes are of two districts. `note`, encrypted: what the officer found.
    """

    worker_id: str
    enrolments: list[str]
    sessions: list[str]
    department: str
    district: str | None
    state: State = "none"
    note: Annotated[str | None, EncryptedAt(NOTE)] = None
    decided_by: str | None = None

    class Settings:
        name = "attendance_signs"
        indexes = [
            IndexModel([("enrolments", ASCENDING), ("state", ASCENDING)]),
            IndexModel([("worker_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_note(self) -> str | None:
        return None if self.note is None else decrypt_field(NOTE, self.id, self.note)


def encrypted_note(sign_id: str, note: str) -> str:
    return encrypt_field(NOTE, sign_id, note)

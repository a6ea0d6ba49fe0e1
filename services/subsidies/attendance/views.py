"""What HTTP shows of attendance."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel, Field

from services.subsidies.attendance.commands import Row
from services.subsidies.attendance.documents import AttendedSession, Report, Sign
from services.subsidies.attendance.rules import Answer, State


class AttendanceRow(BaseModel):
    """What became of a reported row."""

    enrolment_id: str
    session: str
    answer: Answer

    @classmethod
    def of(cls, row: Row) -> Self:
        return cls(enrolment_id=row.attended.enrolment_id, session=row.attended.session, answer=row.answer)


class ReportAnswer(BaseModel):
    """The rows in the order of the report."""

    rows: list[AttendanceRow]


class SessionView(BaseModel):
    """A session at which the person was, and who reported it. `struck`: it does not count."""

    session: str
    hours: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    reports: list[Report]
    struck: bool

    @classmethod
    def of(cls, attended: AttendedSession) -> Self:
        return cls(**attended.model_dump(include=set(cls.model_fields)))


class SessionsView(BaseModel):
    """The sessions that an enrolled person was at, in their order."""

    items: list[SessionView]


class SignView(BaseModel):
    """That one person was at two sessions at the same time."""

    sign_id: str
    worker_id: str
    enrolments: list[str]
    sessions: list[str] = Field(description="each as `<enrolment>|<session code>`")
    district: str | None
    state: State
    note: str | None

    @classmethod
    def of(cls, sign: Sign) -> Self:
        kept = sign.model_dump(include=set(cls.model_fields) - {"note"})
        return cls(sign_id=sign.id, note=sign.clear_note, **kept)

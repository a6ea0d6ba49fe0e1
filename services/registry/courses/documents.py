"""What is stored of courses that platforms report."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Final

from pydantic import BaseModel, Field
from pymongo import ASCENDING, IndexModel

from services.registry.courses.rules import State, Word
from shared.contracts.platform import Industry
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record

REASON: Final = "reported_course.reason"


class Decision(BaseModel):
    """What an officer decided of a course. `reason` is encrypted."""

    opens: list[Industry]
    shuts: list[Industry]
    months: int | None
    reason: Annotated[str, EncryptedAt(REASON)]
    officer: str
    at: dt.datetime


class ReportedCourse(Record):
    """A course as one platform calls it, which the catalogue leaves open in some trade where it was met.

    Another platform's course of the same code is another course. Its id follows from the two, which never change.
    """

    platform: str
    course: str
    industries: list[Industry] = Field(default_factory=list)
    state: State = "open"
    decisions: list[Decision] = Field(default_factory=list)

    class Settings:
        name = "reported_courses"
        indexes = [
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("platform", ASCENDING), ("_id", ASCENDING)]),
        ]

    @staticmethod
    def id_of(platform: str, course: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{platform}|{course}"))

    @property
    def word(self) -> Word | None:
        """What was decided last."""
        if not self.decisions:
            return None
        last = self.decisions[-1]
        return Word(frozenset(last.opens), frozenset(last.shuts), last.months)

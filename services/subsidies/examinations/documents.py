"""What is stored of examinations."""

from __future__ import annotations

import datetime as dt

from pymongo import ASCENDING, IndexModel

from services.subsidies.certificates.rules import Grade
from shared.storage.records import Record


class Result(Record):
    """The result of one attempt at an examination; its id is `<enrolment>|<attempt>`, so that it is recorded once.

    `taken_on`: a legal day.
    """

    enrolment_id: str
    programme_id: str
    attempt: int
    evaluator: str
    taken_on: dt.date
    passed: bool
    grade: Grade | None

    class Settings:
        name = "examination_results"
        indexes = [IndexModel([("enrolment_id", ASCENDING), ("attempt", ASCENDING)])]

    @staticmethod
    def key(enrolment_id: str, attempt: int) -> str:
        return f"{enrolment_id}|{attempt}"

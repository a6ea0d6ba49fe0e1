"""What HTTP shows of completions and examinations."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel

from services.subsidies.certificates.rules import Grade
from services.subsidies.examinations.commands import CompletionRow, ResultRow
from services.subsidies.examinations.documents import Result
from services.subsidies.examinations.rules import Completion, Recording
from shared.policy.parameters import Used


class CompletionRowView(BaseModel):
    """What became of a person who is said to have completed a course."""

    enrolment_id: str
    answer: Completion

    @classmethod
    def of(cls, row: CompletionRow) -> Self:
        return cls(enrolment_id=row.enrolment_id, answer=row.answer)


class CompletionAnswer(BaseModel):
    """The rows in the order of the list. `used`: the parameters that they rest on; where no share of the hours is known, the word
    of the body or the officer decided."""

    rows: list[CompletionRowView]
    used: list[Used]


class ResultRowView(BaseModel):
    """What became of a result."""

    enrolment_id: str
    attempt: int
    answer: Recording

    @classmethod
    def of(cls, row: ResultRow) -> Self:
        return cls(enrolment_id=row.examined.enrolment_id, attempt=row.examined.attempt, answer=row.answer)


class ResultAnswer(BaseModel):
    """The rows in the order of the list."""

    rows: list[ResultRowView]


class ResultView(BaseModel):
    """An attempt at an examination."""

    attempt: int
    taken_on: dt.date
    passed: bool
    grade: Grade | None
    evaluator: str

    @classmethod
    def of(cls, result: Result) -> Self:
        return cls(**result.model_dump(include=set(cls.model_fields)))


class ResultsView(BaseModel):
    """A person's attempts in a programme, the first one first."""

    items: list[ResultView]

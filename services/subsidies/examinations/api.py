"""Completions and examinations over HTTP: bodies and officers say who completed, evaluation bodies who passed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.certificates.rules import Grade
from services.subsidies.enrolments.access import Reader, enrolment_of
from services.subsidies.examinations import commands
from services.subsidies.examinations.access import examined_by
from services.subsidies.examinations.commands import Examined
from services.subsidies.examinations.documents import Result
from services.subsidies.examinations.views import (
    CompletionAnswer,
    CompletionRowView,
    ResultAnswer,
    ResultRowView,
    ResultsView,
    ResultView,
)
from services.subsidies.programmes.access import own_programme
from services.subsidies.providers.access import Body
from services.subsidies.providers.access import Reader as BodyOrChecker
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact

router = APIRouter(prefix="/v1", tags=["training examinations 结业与考核"])

Reference = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class CompletionList(BaseModel):
    """The enrolments of who has completed a course."""

    enrolments: Annotated[list[Reference], Field(min_length=1, max_length=500)]


class ExaminedBody(BaseModel):
    """A result. `attempt`: 1 for the first, 2 for the resit and so on; `grade` where the body gives one."""

    enrolment_id: Reference
    attempt: int = Field(default=1, ge=1, le=10)
    taken_on: dt.date
    passed: bool
    grade: Grade | None = None


class ResultList(BaseModel):
    """Results of examinations in a programme; what was told before may come again."""

    results: Annotated[list[ExaminedBody], Field(min_length=1, max_length=500)]


@router.post("/training-programmes/{programme_id}/completions")
async def complete(programme_id: str, body: CompletionList, caller: BodyOrChecker) -> CompletionAnswer:
    """Say who has completed a course, as the body that gives it or an officer; each row is answered."""

    async def take(tx: Transaction) -> commands.Completions:
        programme = await own_programme(programme_id, caller, tx)
        return await commands.complete(programme, body.enrolments, caller.subject, tx)

    done = await transact(take)
    return CompletionAnswer(rows=[CompletionRowView.of(row) for row in done.rows], used=list(done.used))


@router.post("/training-programmes/{programme_id}/examination-results")
async def record(programme_id: str, body: ResultList, caller: Body) -> ResultAnswer:
    """Say who has passed and who has not, as the evaluation body that the programme names; each row is answered."""
    results = [Examined(**one.model_dump()) for one in body.results]

    async def take(tx: Transaction) -> list[commands.ResultRow]:
        return await commands.record(await examined_by(programme_id, caller, tx), results, tx)

    return ResultAnswer(rows=[ResultRowView.of(row) for row in await transact(take)])


@router.get("/training-enrolments/{enrolment_id}/results")
async def list_results(enrolment_id: str, caller: Reader) -> ResultsView:
    """A person's attempts at the examination of a programme."""
    enrolment = await enrolment_of(enrolment_id, caller)
    found = await find(Result, {"enrolment_id": enrolment.id}, sort="attempt")
    return ResultsView(items=[ResultView.of(one) for one in found])

"""Courses that the catalogue leaves open over HTTP: officers read and decide, a platform reads its own."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from services.registry.courses import commands
from services.registry.courses.documents import REASON, ReportedCourse
from services.registry.courses.rules import State, decided
from services.registry.fields import Text
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.errors import NotFound
from shared.storage.encryption import decrypt_field
from shared.storage.transaction import transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.paging import Page, PageAsked
from shared.web.scope import callers

router = APIRouter(prefix="/v1", tags=["safety 劳动安全"])

Reader = Annotated[Caller, callers("platform", article=7, district="any")]
Decider = Annotated[Caller, callers(article=7)]


class CourseDecision(BaseModel):
    """What an officer decides of a course: in which trades it is the training before work, in which it is not, and how long it
    holds."""

    opens: list[Industry] = Field(
        default=[], max_length=5, description="Trades in which it opens the gate before work."
    )
    shuts: list[Industry] = Field(default=[], max_length=5, description="Trades in which it does not.")
    validity_months: int | None = Field(
        None, ge=1, le=120, description="For how long it holds where no rule says so; null: it does not lapse."
    )
    reason: Text


class DecisionView(BaseModel):
    """What was decided of a course."""

    opens: list[Industry]
    shuts: list[Industry]
    validity_months: int | None
    reason: str
    at: dt.datetime


class ReportedCourseView(BaseModel):
    """A platform's course that the catalogue leaves open: whether it counts as safety training, or how long it holds."""

    course_id: str
    platform: str
    course: str
    industries: list[Industry] = Field(description="The trades in which it was met.")
    state: State = Field(description="open: an officer is to decide.")
    decisions: list[DecisionView] = Field(description="The last one holds.")


@router.get("/reported-courses")
async def list_reported_courses(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
    platform: Annotated[str | None, Query(max_length=18, description="only of this platform")] = None,
) -> Page[ReportedCourseView]:
    """Courses that nobody has published as safety training of a trade, or whose period nobody has published (德人社发〔2022〕95 号
    art. 7): officers of the departments named there see all, a platform its own."""
    own = str(caller.uscc) if caller.role == "platform" else platform
    if platform not in (None, own):
        return Page(items=[], next=None)
    asked: dict[str, Any] = {"state": state, "platform": own}
    query = {name: value for name, value in asked.items() if value is not None}
    return await Page.of(ReportedCourse, query, _view, page)


@router.get("/reported-courses/{course_id}")
async def read_reported_course(course_id: str, caller: Reader, response: Response) -> ReportedCourseView:
    """One such course."""
    found = await ReportedCourse.of(course_id)
    if found is None or (caller.role == "platform" and found.platform != caller.uscc):
        raise NotFound("该课程", "this course")
    return _shown(found, response)


@router.post("/reported-courses/{course_id}/decision")
async def decide_course(
    course_id: str, body: CourseDecision, officer: Decider, seen: RevisionSeen, response: Response
) -> ReportedCourseView:
    """Decide of a course, as an officer of the city; whoever has it is let to work, or blocked, as it follows."""
    word = decided(body.opens, body.shuts, body.validity_months)
    return _shown(await transact(lambda tx: commands.decide(course_id, word, body.reason, officer, seen, tx)), response)


def _shown(kept: ReportedCourse, response: Response) -> ReportedCourseView:
    set_etag(response, kept.revision)
    return _view(kept)


def _view(kept: ReportedCourse) -> ReportedCourseView:
    return ReportedCourseView(
        course_id=kept.id,
        **kept.model_dump(include={"platform", "course", "industries", "state"}),
        decisions=[
            DecisionView(
                opens=one.opens,
                shuts=one.shuts,
                validity_months=one.months,
                reason=decrypt_field(REASON, kept.id, one.reason),
                at=one.at,
            )
            for one in kept.decisions
        ],
    )

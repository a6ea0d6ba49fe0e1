"""Safety training over HTTP: what an engagement demands and what is on file, and the courses that count."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.registry.disclosure.queries import engagement_for
from services.registry.safety import commands
from services.registry.safety.rules import Question, State
from shared import clock
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.errors import RuleBroken
from shared.identity.regions import CITY, is_district
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Law, MissingParameter, Used, parameters
from shared.web.scope import Everybody, callers

router = APIRouter(prefix="/v1", tags=["safety 劳动安全"])

Reader = Annotated[Caller, callers("worker", "platform", "union", article=7, district="document")]


class TrainingView(BaseModel):
    """A training on file; `declared`: the engagement itself names it."""

    course: str
    completed_on: dt.date
    declared: bool = Field(description="Whether the engagement itself names it.")


class SafetyView(BaseModel):
    """Whether a person may work through an engagement, and on which training that rests; of one that has ended, as it was
    on its last day."""

    engagement_id: str
    required: bool = Field(description="Whether nobody may work here without safety training.")
    may_work: bool
    state: State = Field(description="none: nothing that counts is on file; expiring: to be renewed; expired: lapsed.")
    course: str | None = Field(description="The course that holds longest, null where none counts.")
    valid_to: dt.date | None = Field(description="The last day of that training, null where it does not lapse.")
    trainings: list[TrainingView] = Field(description="Everything on file of this person, the latest first.")
    to_judge: list[Question] = Field(
        description="What an officer is to decide: whether a course counts in this trade, and how long it holds."
    )
    rests_on: list[Used] = Field(description="The parameters used.")


class CoursesView(BaseModel):
    """What safety training a trade demands on a day. A null part is one that nobody has published."""

    district: str
    industry: Industry
    on: dt.date
    required: bool | None
    courses: list[str] | None = Field(
        description="Course codes that count, as patterns in which * is anything; of others an officer decides."
    )
    validity_months: int | None = Field(description="Months for which a training holds; null: it does not lapse.")
    reminder_days: int | None = Field(description="Days before the last day on which renewal is asked for.")
    rests_on: list[Used] = Field(description="The parameters that these figures come from.")


@router.get("/engagements/{engagement_id}/safety")
async def read_safety(engagement_id: str, caller: Reader) -> SafetyView:
    """What safety training an engagement demands and what is on file (德人社发〔2022〕95 号 art. 7).

    For an officer of its district, its platform, the worker, and a union with which its member shares that. Trainings of other
    platforms count too and are shown without saying whose they are.
    """
    engagement = await engagement_for(engagement_id, caller, section="safety")
    on_file = await commands.on_file_of_person(engagement.worker_id)
    decided = commands.gate_of(engagement, on_file, engagement.ended_on)
    held = decided.held
    shown = sorted(
        commands.workplace_of(engagement).on_file(on_file.completed),
        key=lambda one: (one.completed_on, one.course),
        reverse=True,
    )
    return SafetyView(
        engagement_id=engagement.id,
        required=decided.required,
        may_work=decided.open and engagement.state != "ended",
        state=decided.state,
        course=held.training.course if held else None,
        valid_to=held.valid_to if held else None,
        trainings=[
            TrainingView(course=one.course, completed_on=one.completed_on, declared=one.declared) for one in shown
        ],
        to_judge=commands.open_questions(engagement, on_file) if decided.required else [],
        rests_on=list(decided.used),
    )


@router.get("/safety-courses")
async def read_courses(
    caller: Everybody,
    industry: Annotated[Industry, Query(description="the trade")],
    district: Annotated[str, Query(description="GB/T 2260 code of a district or of the city.")] = CITY,
    on: Annotated[dt.date | None, Query(description="The legal day asked about; today where absent.")] = None,
) -> CoursesView:
    """Which courses count as safety training in a trade, and how long one holds."""
    if district != CITY and not is_district(district):
        raise RuleBroken("district-unknown", "不是德阳市的区（市、县）", "not a district of Deyang")
    day = on or shanghai_date(clock.now())
    law = parameters.on(day, place=district, industry=industry)
    courses = law.texts("safety.courses") if _known(law, "safety.courses") else None
    return CoursesView(
        district=district,
        industry=industry,
        on=day,
        required=law.flag("safety.training_required") if _known(law, "safety.training_required") else None,
        courses=None if courses is None else list(courses),
        validity_months=law.number("safety.validity_months") if _known(law, "safety.validity_months") else None,
        reminder_days=law.days("safety.reminder_days") if _known(law, "safety.reminder_days") else None,
        rests_on=list(law.used),
    )


def _known(law: Law, key: str) -> bool:
    try:
        return parameters.row(key, law.day, law.scope).value is not None
    except MissingParameter:
        return False

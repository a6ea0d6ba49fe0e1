"""Joint enforcement over HTTP, for officers of the departments that have a part in it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.cases.access import within_reach
from services.complaints.inspections.access import not_away
from services.complaints.inspections.documents import Origin
from services.complaints.joint import commands
from services.complaints.joint.commands import Demand
from services.complaints.joint.documents import JointTask
from services.complaints.joint.rules import Outcome, PartState, State
from services.complaints.officers.commands import registered
from shared.callers import Caller
from shared.identity import regions
from shared.policy.parameters import Used
from shared.storage.transaction import Transaction, transact
from shared.web.etags import set_etag
from shared.web.fields import DistrictOrCity, Uscc
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import ALL, callers

creating = APIRouter(prefix="/v1", tags=["joint enforcement 联合执法"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["joint enforcement 联合执法"])

AnyOfficer = Annotated[Caller, callers(article=ALL, district="document")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Code = Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z_]+$")]
Department = Annotated[str, Path(max_length=32, pattern=r"^[a-z_]+$")]


class DemandBody(BaseModel):
    """What a department is asked to do, until when."""

    department: Code
    demand: Text
    due_on: dt.date


class JointBody(BaseModel):
    """A joint task: the article whose departments take part, the enterprise, what it comes from, and the parts."""

    article: Annotated[str, StringConstraints(pattern=r"^([1-9]|1[0-8])$")]
    enterprise: Uscc
    district: DistrictOrCity
    subject: Text
    origin: Origin
    parts: list[DemandBody] = Field(min_length=1, max_length=20)


class PartAnswerBody(BaseModel):
    """A department's answer."""

    answer: Text


class AgainBody(BaseModel):
    """What an answer lacks, and until when."""

    remark: Text
    due_on: dt.date


class ConclusionBody(BaseModel):
    """The one result. `reason`: why the lead department does not wait for those who have not answered."""

    outcome: Outcome
    result: Text
    reason: Text | None = None


class PartView(BaseModel):
    """A department's part. `remark`: what its last answer lacked."""

    department: str
    demand: str | None
    due_on: dt.date
    rounds: int
    state: PartState
    missed: bool
    answer: str | None
    answered_by: str | None
    answered_on: dt.date | None
    remark: str | None


class JointView(BaseModel):
    """A joint task, as every department sees it that has a part."""

    joint_id: str
    number: str
    article: str
    enterprise: str
    district: str
    district_name: str
    lead_department: str
    origin: Origin
    subject: str | None
    parts: list[PartView]
    state: State
    outcome: Outcome | None
    result: str | None
    reason: str | None
    concluded_on: dt.date | None
    directives: list[str]
    used: list[Used]

    @classmethod
    def of(cls, task: JointTask) -> Self:
        clear = {"subject", "parts", "result", "reason"}
        kept = {*cls.model_fields} - clear - {"joint_id", "district_name"}
        return cls(
            **task.model_dump(include=kept),
            joint_id=task.id,
            district_name=regions.name(task.district),
            subject=task.clear(task.subject),
            result=task.clear(task.result),
            reason=task.clear(task.reason),
            parts=[
                PartView(
                    **part.model_dump(exclude={"demand", "answer", "remark"}),
                    demand=task.clear(part.demand),
                    answer=task.clear(part.answer),
                    remark=task.clear(part.remark),
                )
                for part in task.parts
            ],
        )


@creating.post("/joint-tasks", status_code=201)
async def open_task(body: JointBody, officer: AnyOfficer, response: Response) -> JointView:
    """Open joint enforcement; for the department that leads on the article."""
    demands = [Demand(**one.model_dump()) for one in body.parts]

    async def store(tx: Transaction) -> JointTask:
        return await commands.open_task(
            body.article, body.enterprise, body.district, body.subject, body.origin, demands, officer, tx
        )

    task = await transact(store)
    response.headers["Location"] = f"/v1/joint-tasks/{task.id}"
    return _answered(task, response)


@router.get("/joint-tasks")
async def list_tasks(
    officer: AnyOfficer,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
) -> Page[JointView]:
    """Joint tasks in which the officer's department has a part, the newest first."""
    own = await registered(officer)
    wanted: dict[str, Any] = {"departments": own.department, **within_reach(own), **await not_away(own)}
    if state is not None:
        wanted["state"] = state
    return await Page.of(JointTask, wanted, JointView.of, page, sort="-_id")


@router.get("/joint-tasks/{joint_id}")
async def read_task(joint_id: str, officer: AnyOfficer, response: Response) -> JointView:
    """A joint task."""
    task, _ = await transact(lambda tx: commands.task_for(joint_id, officer, None, tx))
    return _answered(task, response)


@router.post("/joint-tasks/{joint_id}/parts/{department}/answer")
async def answer_part(
    joint_id: str, department: Department, body: PartAnswerBody, officer: AnyOfficer, response: Response
) -> JointView:
    """Answer a department's part."""
    task = await transact(lambda tx: commands.answer(joint_id, department, body.answer, officer, tx))
    return _answered(task, response)


@router.post("/joint-tasks/{joint_id}/parts/{department}/return")
async def ask_again(
    joint_id: str, department: Department, body: AgainBody, officer: AnyOfficer, response: Response
) -> JointView:
    """Give an answer back that does not do."""
    task = await transact(lambda tx: commands.ask_again(joint_id, department, body.remark, body.due_on, officer, tx))
    return _answered(task, response)


@router.post("/joint-tasks/{joint_id}/conclusion")
async def conclude(joint_id: str, body: ConclusionBody, officer: AnyOfficer, response: Response) -> JointView:
    """Draw the one result; for the department that leads."""
    task = await transact(lambda tx: commands.conclude(joint_id, body.outcome, body.result, body.reason, officer, tx))
    return _answered(task, response)


def _answered(task: JointTask, response: Response) -> JointView:
    set_etag(response, task.revision)
    return JointView.of(task)

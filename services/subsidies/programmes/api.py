"""Programmes over HTTP: bodies on file open them, officers check them, everybody finds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.programmes import commands
from services.subsidies.programmes.access import own_programme, published, seen_by
from services.subsidies.programmes.documents import Programme
from services.subsidies.programmes.rules import Mode, Schedule, Sitting, State
from services.subsidies.programmes.views import ProgrammeDetail, ProgrammeView
from services.subsidies.providers.access import Body, Checker, Reader, ids_on_file, is_on_file
from shared import clock
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.contracts.subsidies import ProviderKind, SkillLevel
from shared.errors import NotFound
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import District, Instant, Uscc
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import Everybody
from shared.web.steps import take_step

TAGS = ["training programmes 培训班"]
opening = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Code = Annotated[str, StringConstraints(pattern=r"^[\w-]{1,32}$")]


class SessionBody(BaseModel):
    """A session: its code within the programme, when it is held, and the class hours that it counts."""

    code: Code
    starts_at: Instant
    ends_at: Instant
    hours: int = Field(ge=1, le=12)


class ProgrammeOpening(BaseModel):
    """A course as its body describes it. `kind`: under which of its filings; `evaluator`: the evaluation body that examines."""

    kind: ProviderKind
    title: Name
    industry: Industry
    occupation: str = Field(max_length=16, description="职业编码, one of those on file")
    level: SkillLevel
    hours: int = Field(ge=1, le=2000)
    capacity: int = Field(ge=1, le=2000)
    mode: Mode
    address: Name
    district: District
    starts_on: dt.date
    ends_on: dt.date
    enrol_until: dt.date
    sessions: Annotated[list[SessionBody], Field(min_length=1, max_length=400)]
    evaluator: Uscc | None = None

    @property
    def asked(self) -> commands.Opening:
        kept = self.model_dump(
            include={"kind", "title", "industry", "occupation", "level", "capacity", "mode", "address", "district"}
        )
        schedule = Schedule(
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            enrol_until=self.enrol_until,
            hours=self.hours,
            sittings=[Sitting(**one.model_dump()) for one in self.sessions],
        )
        return commands.Opening(**kept, schedule=schedule, evaluator=self.evaluator)


class Reason(BaseModel):
    """Why."""

    reason: Text


@opening.post("/training-programme-filings", status_code=201)
async def open_programme(body: ProgrammeOpening, caller: Body, response: Response) -> ProgrammeDetail:
    """Ask to open a course, as a body that is on file for its occupation and level."""
    asked, uscc = body.asked, str(caller.uscc)
    programme = await transact(lambda tx: commands.submit(asked, uscc, tx))
    response.headers["Location"] = f"/v1/training-programme-filings/{programme.id}"
    return _shown(programme, response)


@router.get("/training-programmes")
async def list_programmes(
    caller: Everybody,
    page: PageAsked,
    district: Annotated[str | None, Query(max_length=6, description="only of this district")] = None,
    industry: Annotated[Industry | None, Query(description="only for this trade")] = None,
    occupation: Annotated[str | None, Query(max_length=16, description="only of this occupation (职业编码)")] = None,
    level: Annotated[SkillLevel | None, Query(description="only of this level")] = None,
    mode: Annotated[Mode | None, Query(description="only online, on site, or both mixed")] = None,
    open_now: Annotated[bool, Query(description="only those whose enrolment is not over")] = False,
) -> Page[ProgrammeView]:
    """Published courses of bodies that are on file today, the newest first, for every caller."""
    today = shanghai_date(clock.now())
    asked = {"district": district, "industry": industry, "occupation": occupation, "level": level, "mode": mode}
    query: dict[str, Any] = {"state": "published", "filing": {"$in": await ids_on_file(today)}}
    query |= {name: value for name, value in asked.items() if value is not None}
    if open_now:
        query |= {"enrol_until": {"$gte": today}}
    return await Page.of(Programme, query, ProgrammeView.of, page, sort="-_id")


@router.get("/training-programmes/{programme_id}")
async def read_programme(programme_id: str, caller: Everybody) -> ProgrammeView:
    """A course as the list shows it: published, by a body that is on file today; or cancelled since."""
    programme = await published(programme_id)
    if programme.state == "published" and not await is_on_file(programme.filing, shanghai_date(clock.now())):
        raise NotFound("该培训班", "this programme")
    return ProgrammeView.of(programme)


@router.get("/training-programme-filings")
async def list_filings(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only programmes that stand so")] = None,
) -> Page[ProgrammeDetail]:
    """A body's own programmes, or those that an officer's department checks in their district, the newest first."""
    query = seen_by(caller) | ({} if state is None else {"state": state})
    return await Page.of(Programme, query, ProgrammeDetail.of, page, sort="-_id")


@router.get("/training-programme-filings/{programme_id}")
async def read_filing(programme_id: str, caller: Reader, response: Response) -> ProgrammeDetail:
    """A programme of the body's own, or one that the officer checks."""
    return _shown(await own_programme(programme_id, caller), response)


@router.post("/training-programme-filings/{programme_id}/publication")
async def publish(programme_id: str, officer: Checker, seen: RevisionSeen, response: Response) -> ProgrammeDetail:
    """Publish a course, for everybody to find."""
    return await _done(
        programme_id, officer, seen, response, lambda one, tx: commands.publish(one, officer.subject, tx)
    )


@router.post("/training-programme-filings/{programme_id}/refusal")
async def refuse(
    programme_id: str, body: Reason, officer: Checker, seen: RevisionSeen, response: Response
) -> ProgrammeDetail:
    """Refuse a course, with the reason."""
    return await _done(
        programme_id, officer, seen, response, lambda one, tx: commands.refuse(one, body.reason, officer.subject, tx)
    )


@router.post("/training-programme-filings/{programme_id}/withdrawal")
async def withdraw(programme_id: str, caller: Body, seen: RevisionSeen, response: Response) -> ProgrammeDetail:
    """Take a course back before it is checked."""
    return await _done(programme_id, caller, seen, response, commands.withdraw)


@router.post("/training-programme-filings/{programme_id}/cancellation")
async def cancel(
    programme_id: str, body: Reason, caller: Reader, seen: RevisionSeen, response: Response
) -> ProgrammeDetail:
    """Cancel a published course, with the reason."""
    return await _done(programme_id, caller, seen, response, lambda one, tx: commands.cancel(one, body.reason, tx))


async def _done(
    programme_id: str,
    caller: Caller,
    seen: int,
    response: Response,
    step: Callable[[Programme, Transaction], Awaitable[Programme]],
) -> ProgrammeDetail:
    return _shown(await take_step(own_programme, programme_id, caller, seen, step), response)


def _shown(programme: Programme, response: Response) -> ProgrammeDetail:
    set_etag(response, programme.revision)
    return ProgrammeDetail.of(programme)

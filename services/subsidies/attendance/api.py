"""Attendance over HTTP: bodies and the online platform report sessions, officers judge what cannot be."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.attendance import commands
from services.subsidies.attendance.access import Judge, Reporter, programme_of, seen_by, sign_of
from services.subsidies.attendance.commands import Attended
from services.subsidies.attendance.documents import AttendedSession, Sign
from services.subsidies.attendance.rules import Source, State
from services.subsidies.attendance.views import AttendanceRow, ReportAnswer, SessionsView, SessionView, SignView
from services.subsidies.enrolments.access import Reader, enrolment_of
from shared.storage.records import find, require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["training attendance 培训考勤"])

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class AttendedBody(BaseModel):
    """A person at a session, by the ids of their enrolment and of the session within the programme."""

    enrolment_id: Reference
    session: Reference


class AttendanceReport(BaseModel):
    """Who was at which sessions; what was reported before may come again."""

    rows: Annotated[list[AttendedBody], Field(min_length=1, max_length=1000)]


class Judgement(BaseModel):
    """The enrolments of a sign whose sessions do not count, or none; and what the officer found."""

    strike: Annotated[list[Reference], Field(max_length=2)]
    note: Text


@router.post("/training-programmes/{programme_id}/attendance")
async def report(programme_id: str, body: AttendanceReport, caller: Reporter) -> ReportAnswer:
    """Report who was at which sessions, in any order and as often as one likes: a session counts once. Each row is answered."""
    source: Source = "provider" if caller.role == "provider" else "online_platform"
    rows = [Attended(one.enrolment_id, one.session) for one in body.rows]

    async def take(tx: Transaction) -> list[commands.Row]:
        return await commands.report(await programme_of(programme_id, caller, tx), source, rows, tx)

    return ReportAnswer(rows=[AttendanceRow.of(row) for row in await transact(take)])


@router.get("/training-enrolments/{enrolment_id}/sessions")
async def list_sessions(enrolment_id: str, caller: Reader) -> SessionsView:
    """The sessions that an enrolled person was at."""
    enrolment = await enrolment_of(enrolment_id, caller)
    found = await find(AttendedSession, {"enrolment_id": enrolment.id})
    return SessionsView(items=[SessionView.of(one) for one in sorted(found, key=lambda one: one.starts_at)])


@router.get("/attendance-signs")
async def list_signs(
    officer: Judge,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
) -> Page[SignView]:
    """Signs of false attendance in the programmes that an officer's department checks in their district."""
    query = seen_by(officer) | ({} if state is None else {"state": state})
    return await Page.of(Sign, query, SignView.of, page, sort="-_id")


@router.get("/attendance-signs/{sign_id}")
async def read_sign(sign_id: str, officer: Judge, response: Response) -> SignView:
    """A sign of false attendance."""
    return _shown(await sign_of(sign_id, officer), response)


@router.post("/attendance-signs/{sign_id}/judgement")
async def judge(sign_id: str, body: Judgement, officer: Judge, seen: RevisionSeen, response: Response) -> SignView:
    """Decide on a sign: which of the two sessions do not count, or that nothing is wrong."""

    async def take(tx: Transaction) -> Sign:
        sign = await sign_of(sign_id, officer, tx)
        require_revision(seen, sign.revision)
        return await commands.judge(sign, body.strike, body.note, officer.subject, tx)

    return _shown(await transact(take), response)


def _shown(sign: Sign, response: Response) -> SignView:
    set_etag(response, sign.revision)
    return SignView.of(sign)

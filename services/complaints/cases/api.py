"""Complaints over HTTP: workers file and follow them; officers of the district and of the departments that a case was routed
to read it, and those of its lead department and of the labour department take it up or refuse it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel, StringConstraints

from services.complaints.cases import commands
from services.complaints.cases.access import case_for_decision, case_for_reading, seen_by
from services.complaints.cases.documents import Case
from services.complaints.cases.rules import State
from services.complaints.cases.views import CaseDetail, CaseView, detail_of, view_of
from shared.callers import Caller
from shared.contracts.complaints import Category
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.etags import if_match, set_etag
from shared.web.fields import District, Uscc
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import ALL, callers

filing = APIRouter(prefix="/v1", tags=["cases 投诉举报"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["cases 投诉举报"])


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


Reader = Annotated[Caller, callers("worker", article=ALL, district="document")]
Handler = Annotated[Caller, callers(article=ALL, district="document")]


def _seen(value: Annotated[str | None, Header(alias="If-Match")] = None) -> int | None:
    return None if value is None else if_match(value)


Seen = Annotated[int | None, Depends(_seen)]


class CaseFiling(BaseModel):
    """A complaint. `platform` is the enterprise's unified social credit code; without `category` the text decides.

    `occurred_on` is the day of the violation, or its last one; `continuing`: it still goes on.
    """

    platform: Uscc | None = None
    category: Category | None = None
    text: Text
    district: District
    occurred_on: dt.date
    continuing: bool = False


class Refusal(BaseModel):
    """Why a case is not taken up, as the complainant reads it."""

    reason_zh: Text


@filing.post("/cases", status_code=201)
async def file_case(body: CaseFiling, worker: Worker, response: Response) -> CaseView:
    """File a complaint or a report."""
    assert worker.worker_id is not None
    worker_id, filed = worker.worker_id, commands.Filing(**body.model_dump())
    case = await transact(lambda tx: commands.open_case(filed, worker_id, tx))
    response.headers["Location"] = f"/v1/cases/{case.id}"
    set_etag(response, case.revision)
    return view_of(case)


@router.post("/cases/{case_id}/acceptance")
async def accept_case(case_id: str, officer: Handler, seen: Seen, response: Response) -> CaseView:
    """Accept a case for investigation."""

    async def accept(tx: Transaction) -> Case:
        return await commands.accept_case(await case_for_decision(case_id, officer, seen, tx), tx)

    case = await transact(accept)
    set_etag(response, case.revision)
    return view_of(case)


@router.post("/cases/{case_id}/refusal")
async def refuse_case(case_id: str, body: Refusal, officer: Handler, seen: Seen, response: Response) -> CaseView:
    """Refuse a case."""

    async def refuse(tx: Transaction) -> Case:
        return await commands.refuse_case(await case_for_decision(case_id, officer, seen, tx), body.reason_zh, tx)

    case = await transact(refuse)
    set_etag(response, case.revision)
    return view_of(case)


@router.get("/cases")
async def list_cases(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only cases that stand so")] = None,
    category: Annotated[Category | None, Query(description="only cases of this category")] = None,
) -> Page[CaseView]:
    """Cases, the newest first: a worker's own, or those of an officer's district that the department deals with."""
    asked: dict[str, Any] = {"state": state, "category": category}
    query = {name: value for name, value in asked.items() if value is not None} | seen_by(caller)
    return await Page.of(Case, query, view_of, page, sort="-_id")


@router.get("/cases/{case_id}")
async def read_case(case_id: str, caller: Reader, response: Response) -> CaseDetail:
    """A case with its text."""
    case = await case_for_reading(case_id, caller)
    set_etag(response, case.revision)
    return detail_of(case)

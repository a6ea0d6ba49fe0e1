"""Complaints over HTTP: workers file and follow them; officers of the district and of the departments that a case was routed
to read it, and those of its lead department and of the labour department take it up or refuse it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import AfterValidator, BaseModel, StringConstraints

from services.complaints.cases import commands
from services.complaints.cases.access import seen_by
from services.complaints.cases.documents import Case
from services.complaints.cases.rules import State, Step
from shared.contracts.complaints import Category
from shared.identity import regions, uscc
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used, parameters
from shared.storage.transaction import transact
from shared.web.auth import Caller, Worker
from shared.web.etags import if_match, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked, cursor_of
from shared.web.scope import ALL, callers

filing = APIRouter(prefix="/v1", tags=["cases 投诉举报"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["cases 投诉举报"])


def _district(code: str) -> str:
    if not regions.is_district(code):
        raise ValueError("not one of Deyang's districts")
    return code


District = Annotated[str, AfterValidator(_district)]
Uscc = Annotated[str, AfterValidator(uscc.parse)]
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


class CaseView(BaseModel):
    """A case. `subject` is the heading of the article it rests on.

    Terms are the last legal day; `provisional`: one crosses a year whose days off are not published yet.
    """

    case_id: str
    number: str
    state: State
    category: Category
    subject: str
    platform: str | None
    district: str
    district_name: str
    departments: list[str]
    lead_department: str
    lead_department_name: str
    occurred_on: dt.date
    continuing: bool
    filed_at: dt.datetime
    accept_by: dt.date
    decide_by: dt.date | None
    provisional: bool
    missed: list[Step]


class CaseDetail(CaseView):
    """A case with its text, for whoever may read it; `article` is that of 德人社发〔2022〕95 号.

    `used` are the parameters that its departments and terms rest on.
    """

    worker_id: str
    article: str
    text: str
    refusal: str | None
    used: list[Used]


@filing.post("/cases", status_code=201)
async def file_case(body: CaseFiling, worker: Worker, response: Response) -> CaseView:
    """File a complaint or a report."""
    assert worker.worker_id is not None
    worker_id, filed = worker.worker_id, commands.Filing(**body.model_dump())
    case = await transact(lambda tx: commands.open_case(filed, worker_id, tx))
    response.headers["Location"] = f"/v1/cases/{case.id}"
    set_etag(response, case.revision)
    return CaseView(**_view(case))


@router.post("/cases/{case_id}/acceptance")
async def accept_case(case_id: str, officer: Handler, seen: Seen, response: Response) -> CaseView:
    """Take a case up."""
    case = await transact(lambda tx: commands.accept_case(case_id, officer, seen, tx))
    set_etag(response, case.revision)
    return CaseView(**_view(case))


@router.post("/cases/{case_id}/refusal")
async def refuse_case(case_id: str, body: Refusal, officer: Handler, seen: Seen, response: Response) -> CaseView:
    """Refuse a case."""
    case = await transact(lambda tx: commands.refuse_case(case_id, body.reason_zh, officer, seen, tx))
    set_etag(response, case.revision)
    return CaseView(**_view(case))


@router.get("/cases")
async def list_cases(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only cases that stand so")] = None,
    category: Annotated[Category | None, Query(description="only cases of this category")] = None,
) -> Page[CaseView]:
    """Cases, the newest first: a worker's own, or those of an officer's district that the department deals with."""
    asked: dict[str, Any] = {"state": state, "category": category, "_id": page.after and {"$lt": str(page.after)}}
    query = {name: value for name, value in asked.items() if value is not None} | seen_by(caller)
    cases = await Case.find(query).sort("-_id").limit(page.limit + 1).to_list()
    more = len(cases) > page.limit
    shown = cases[: page.limit]
    return Page(items=[CaseView(**_view(case)) for case in shown], next=cursor_of(shown[-1].id) if more else None)


@router.get("/cases/{case_id}")
async def read_case(case_id: str, caller: Reader, response: Response) -> CaseDetail:
    """A case with its text."""
    case = await commands.read_case(case_id, caller)
    set_etag(response, case.revision)
    return CaseDetail(
        **_view(case),
        worker_id=case.worker_id,
        article=case.article,
        text=case.clear_text,
        refusal=case.clear_refusal,
        used=case.used,
    )


def _view(case: Case) -> dict[str, Any]:
    law = parameters.on(shanghai_date(case.created_at), place=case.district)
    return {
        **case.model_dump(include=set(CaseView.model_fields)),
        "case_id": case.id,
        "subject": law.text("duty.titles", case.article),
        "district_name": regions.name(case.district),
        "lead_department_name": law.text("departments.names", case.lead_department),
        "filed_at": case.created_at,
    }

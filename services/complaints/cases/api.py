"""Cases over HTTP, for whoever may read them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.complaints.cases.access import case_for_reading, links_shown, seen_by
from services.complaints.cases.body import Reader
from services.complaints.cases.documents import Case
from services.complaints.cases.rules import State
from services.complaints.cases.views import CaseDetail, CaseView, detail_of, view_of
from services.complaints.members.access import listed
from services.complaints.members.commands import standing
from services.complaints.procedures import commands as procedures
from services.complaints.procedures.rules import complained
from shared import clock
from shared.callers import Caller
from shared.contracts.complaints import Category
from shared.policy.calendar import shanghai_date
from shared.web.etags import set_etag
from shared.web.fields import Uscc
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["cases 投诉举报"])


@router.get("/cases")
async def list_cases(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only cases that stand so")] = None,
    category: Annotated[Category | None, Query(description="only cases of this category")] = None,
    platform: Annotated[Uscc | None, Query(description="only cases about this enterprise")] = None,
    mine: Annotated[bool, Query(description="only cases that the officer has in hand")] = False,
    overdue: Annotated[bool, Query(description="only cases whose present term is over")] = False,
) -> Page[CaseView]:
    """Cases, the newest first: a worker's own, what a union filed, or those of an officer's district and department."""
    # by what chooses the fewest first: see `newest`
    asked: dict[str, Any] = {
        "handler": caller.subject if mine else None,
        "platform": platform,
        "category": category,
        "state": state,
        "due_on": {"$lt": dt.datetime.combine(shanghai_date(clock.now()), dt.time())} if overdue else None,
    }
    wanted = {name: value for name, value in asked.items() if value is not None}

    async def list_of(known: Caller) -> Page[CaseView]:
        reached = await seen_by(known)
        query = {"$and": [wanted, reached]} if wanted.keys() & reached.keys() else wanted | reached
        return await Page.of(Case, query, lambda case: view_of(case, known), page, sort="-_id")

    return await listed(caller, list_of)


@router.get("/cases/{case_id}")
async def read_case(case_id: str, caller: Reader, response: Response) -> CaseDetail:
    """A case with its text."""
    case = await case_for_reading(case_id, caller)
    caller = await standing(caller, case.people)
    set_etag(response, case.revision)
    claims = complained(case.people, case.platform, case.category) if caller.role == "officer" else []
    return detail_of(case, caller, await procedures.standing(claims), await links_shown(case, caller))

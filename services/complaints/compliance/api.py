"""Leads over HTTP, with their arithmetic; and the settlements that nobody could check for want of a figure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.complaints.compliance.documents import Lead, Settlement
from services.complaints.parties.documents import Engagement
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.web.auth import Caller
from shared.web.etags import set_etag
from shared.web.paging import Page, PageAsked, cursor_of
from shared.web.problems import not_found
from shared.web.scope import HRSS, callers, reach

router = APIRouter(prefix="/v1", tags=["leads 线索"])

LeadReader = Annotated[Caller, callers(article=5, district="document")]
Bureau = Annotated[Caller, callers(departments=[HRSS], district="document")]


class LeadView(BaseModel):
    """Pay under the hourly minimum. Money is yuan, `minimum` per hour; `verified`: every figure used is.

    `agreement_id` is the collective contract (registry) by which more was due than by the minimum wage alone: `minimum` is
    then the higher of both, and `waiting_percent` of the time of orders is added to it. Null where the law's minimum held.
    """

    lead_id: str
    kind: str
    platform: str
    worker_ref: str
    settlement_id: str
    period_start: dt.date
    period_end: dt.date
    district: str
    working_seconds: int
    pay: Yuan
    minimum: Yuan
    shortfall: Yuan
    verified: bool
    agreement_id: str | None
    waiting_percent: Decimal
    raised_at: dt.datetime


class LeadDetail(LeadView):
    """With what the arithmetic rests on. `worker_id` is null while the registry has not told who it is."""

    worker_id: str | None
    intervals: int
    used: list[Used]


class UndecidedSettlement(BaseModel):
    """A settlement that a person must look into, and why."""

    platform: str
    settlement_id: str
    worker_ref: str
    period_start: dt.date
    period_end: dt.date
    district: str
    gross: Yuan
    reason: str


@router.get("/leads")
async def list_leads(officer: LeadReader, page: PageAsked) -> Page[LeadView]:
    """Leads of the officer's district, the newest first."""
    query = reach(officer, district="district") | ({"_id": {"$lt": str(page.after)}} if page.after else {})
    leads = await Lead.find(query).sort("-_id").limit(page.limit + 1).to_list()
    shown = leads[: page.limit]
    more = len(leads) > page.limit
    return Page(items=[LeadView(**_view(lead)) for lead in shown], next=cursor_of(shown[-1].id) if more else None)


@router.get("/leads/{lead_id}")
async def read_lead(lead_id: str, officer: LeadReader, response: Response) -> LeadDetail:
    """A lead with its arithmetic."""
    lead = await Lead.of(lead_id)
    if lead is None or not officer.reaches(lead.district):
        raise not_found("该线索", "the lead")
    set_etag(response, lead.revision)
    worker_id = await Engagement.worker_behind(lead.platform, lead.worker_ref)
    return LeadDetail(**_view(lead), worker_id=worker_id, intervals=lead.intervals, used=lead.used)


@router.get("/undecided-settlements")
async def list_undecided(officer: Bureau, page: PageAsked) -> Page[UndecidedSettlement]:
    """Settlements of the officer's district that could not be held against a minimum wage."""
    query = (
        reach(officer, district="district")
        | {"undecided": {"$gt": ""}}
        | ({"_id": {"$gt": str(page.after)}} if page.after else {})
    )
    found = await Settlement.find(query).sort("_id").limit(page.limit + 1).to_list()
    shown = found[: page.limit]
    shape = set(UndecidedSettlement.model_fields)
    items = [UndecidedSettlement(**one.model_dump(include=shape), reason=one.undecided or "") for one in shown]
    return Page(items=items, next=cursor_of(shown[-1].id) if len(found) > page.limit else None)


def _view(lead: Lead) -> dict[str, object]:
    shown = lead.model_dump(include=set(LeadView.model_fields))
    return {**shown, "lead_id": lead.id, "raised_at": lead.created_at}

"""Leads over HTTP, with their arithmetic; and the settlements that nobody could check for want of a figure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.complaints.compliance.documents import Lead, Settlement
from services.complaints.parties.documents import Engagement
from shared.callers import Caller
from shared.errors import NotFound
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.web.etags import set_etag
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers, reach

router = APIRouter(prefix="/v1", tags=["leads 线索"])

LeadReader = Annotated[Caller, callers(article=5, district="document")]
Bureau = Annotated[Caller, callers(departments=[HRSS], district="document")]


class LeadView(BaseModel):
    """Pay under the hourly minimum. Money is yuan, `minimum` per hour; `verified`: every figure used is.

    `collective_contract_id` is the contract (registry) by which more was due than by the minimum wage alone: `minimum` is
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
    collective_contract_id: str | None
    agreement_id: str | None = Field(deprecated=True, description="the same as `collective_contract_id`")
    waiting_percent: Decimal
    raised_at: dt.datetime


class LeadDetail(LeadView):
    """With what the arithmetic rests on. `worker_id` is null while no event of the registry says who it is."""

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
    return await Page.of(Lead, reach(officer, district="district"), _lead, page, sort="-_id")


@router.get("/leads/{lead_id}")
async def read_lead(lead_id: str, officer: LeadReader, response: Response) -> LeadDetail:
    """A lead with its arithmetic."""
    lead = await Lead.of(lead_id)
    if lead is None or not officer.reaches(lead.district):
        raise NotFound("该线索", "the lead")
    set_etag(response, lead.revision)
    worker_id = await Engagement.worker_behind(lead.platform, lead.worker_ref)
    return LeadDetail(**_view(lead), worker_id=worker_id, intervals=lead.intervals, used=lead.used)


@router.get("/undecided-settlements")
async def list_undecided(officer: Bureau, page: PageAsked) -> Page[UndecidedSettlement]:
    """Settlements of the officer's district that could not be held against a minimum wage."""
    query = reach(officer, district="district") | {"undecided": {"$gt": ""}}
    return await Page.of(Settlement, query, _undecided, page)


def _undecided(one: Settlement) -> UndecidedSettlement:
    shape = set(UndecidedSettlement.model_fields)
    return UndecidedSettlement(**one.model_dump(include=shape), reason=one.undecided or "")


def _lead(lead: Lead) -> LeadView:
    return LeadView(**_view(lead))


def _view(lead: Lead) -> dict[str, object]:
    shown = lead.model_dump(include=set(LeadView.model_fields))
    contract = lead.collective_contract_id
    return {**shown, "lead_id": lead.id, "raised_at": lead.created_at, "agreement_id": contract}

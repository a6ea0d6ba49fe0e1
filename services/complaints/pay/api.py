"""The settlements that nobody could check for want of a figure, over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from services.complaints.pay.documents import Settlement
from shared.callers import Caller
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers, reach

router = APIRouter(prefix="/v1", tags=["pay 劳动报酬"])

Bureau = Annotated[Caller, callers(departments=[HRSS], district="document")]


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
    used: list[Used]


@router.get("/undecided-settlements")
async def list_undecided(officer: Bureau, page: PageAsked) -> Page[UndecidedSettlement]:
    """Settlements of the officer's district that could not be held against a minimum wage."""
    query = reach(officer, district="district") | {"undecided": {"$gt": ""}}
    return await Page.of(Settlement, query, _undecided, page)


def _undecided(one: Settlement) -> UndecidedSettlement:
    shape = set(UndecidedSettlement.model_fields)
    return UndecidedSettlement(**one.model_dump(include=shape), reason=one.undecided or "")

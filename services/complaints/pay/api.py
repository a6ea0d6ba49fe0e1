"""What settlements were checked for, over HTTP; and those that a person must look into."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from services.complaints.officers.commands import stays_away_from
from services.complaints.pay.documents import Settlement
from shared.callers import Caller
from shared.contracts.complaints.leads import LeadKind
from shared.errors import NotFound
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers, reach

router = APIRouter(prefix="/v1", tags=["pay 劳动报酬"])

Reader = Annotated[Caller, callers(article=5, district="document")]
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


class SettlementView(BaseModel):
    """A settlement as it was told last, and what its check found: `leads` by kind, withdrawn ones too; `undecided`: why a person
    must look. `replaces`: the settlement that it takes the place of, and `replaced_by` the one that took its own. `no_minimum_wage`:
    on some days the worker is self-employed, so that pay is what was agreed. `whole_gross_counted`: it names no components, so that
    all of it was held against the minimum."""

    platform: str
    settlement_id: str
    worker_ref: str
    period_start: dt.date
    period_end: dt.date
    gross: Yuan
    net: Yuan | None
    due_on: dt.date | None
    paid_on: dt.date | None
    district: str
    no_minimum_wage: bool
    whole_gross_counted: bool
    replaces: str | None
    replaced_by: str | None
    leads: dict[LeadKind, str]
    undecided: str | None
    used: list[Used]


@router.get("/settlements/{platform}/{settlement_id:path}")
async def read_settlement(platform: str, settlement_id: str, officer: Reader) -> SettlementView:
    """A settlement of the officer's district with what its check found."""
    one = await Settlement.of(f"{platform}|{settlement_id}")
    away = await stays_away_from(officer)
    if one is None or one.district is None or not officer.reaches(one.district) or one.platform in away:
        raise NotFound("该结算", "the settlement")
    shown = one.model_dump(include=set(SettlementView.model_fields))
    return SettlementView(**shown, no_minimum_wage=one.agreed, whole_gross_counted=not one.components)


@router.get("/undecided-settlements")
async def list_undecided(officer: Bureau, page: PageAsked) -> Page[UndecidedSettlement]:
    """Settlements of the officer's district that could not be held against a minimum wage."""
    query = reach(officer, district="district") | {"undecided": {"$gt": ""}}
    if away := await stays_away_from(officer):
        query["platform"] = {"$nin": away}
    return await Page.of(Settlement, query, _undecided, page)


def _undecided(one: Settlement) -> UndecidedSettlement:
    shape = set(UndecidedSettlement.model_fields)
    return UndecidedSettlement(**one.model_dump(include=shape), reason=one.undecided or "")

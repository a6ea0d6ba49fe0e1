"""Courier outlets over HTTP: officers of the labour and postal departments by district; an insurer reads its own."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response, status

from services.insurance.engagements.documents import Engagement
from services.insurance.outlet_filing import commands
from services.insurance.outlet_filing import views as bodies
from services.insurance.outlet_filing.documents import OutletList
from services.insurance.outlets.access import POST, DetailReader, Keeper, Reader, outlet_of, today
from services.insurance.outlets.documents import Outlet
from shared import clock
from shared.callers import Caller
from shared.errors import Conflict, Forbidden, NotFound, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import Month
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers, reach

router = APIRouter(prefix="/v1", tags=["outlets 快递网点"], route_class=IdempotentRoute)

Lister = Annotated[Caller, callers(departments=[POST])]
ListReader = Annotated[Caller, callers(departments=[HRSS, POST])]
OutletOfficer = Annotated[Caller, callers(article=9, district="document")]

LIST = {
    "requestBody": {
        "required": True,
        "description": f"CSV with the columns {', '.join(bodies.COLUMNS)}, or JSON with the same fields in `outlets`",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "object", "properties": {"outlets": {"type": "array"}}}},
        },
    }
}


@router.post("/outlet-lists", status_code=status.HTTP_201_CREATED, openapi_extra=LIST)
async def push_list(request: Request, officer: Lister, month: Annotated[Month, Query()]) -> bodies.ListView:
    """Take the postal authority's list of a month, pushed by one of its officers of the city, as CSV or JSON.

    Its outlets are on the scheme from the first month in which they are listed. The list of a month may be pushed again.
    A list with a row that does not hold is not taken at all; the problem names each such row (counted from 0).
    """
    if not officer.is_officer_of(parameters.on(today()).text("express_outlet.list_department")):
        raise Forbidden("仅邮政管理部门可推送名单", "only the postal authority may push the list")
    if month > calendar.month_of(clock.now()):
        raise RuleBroken("month-not-begun", "该月份尚未开始", "the month has not begun")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip()
    declared = await asyncio.to_thread(bodies.read_list, await request.body(), media_type)
    kept = await transact(lambda tx: commands.accept_list(month, declared, officer.subject, tx))
    return bodies.ListView(month=kept.id, outlets=kept.outlets)


@router.get("/outlet-lists/{month}")
async def read_list(month: Annotated[Month, Path()], officer: ListReader) -> bodies.ListView:
    """A month's list as it was last pushed, for officers of the city."""
    kept = await OutletList.of(month)
    if kept is None:
        raise NotFound("该月名单", "the list of this month")
    return bodies.ListView(month=kept.id, outlets=kept.outlets)


@router.post("/outlets", status_code=status.HTTP_201_CREATED)
async def add_outlet(body: bodies.NewOutlet, officer: Keeper, response: Response) -> bodies.OutletView:
    """Put an outlet on file. Couriers whose engagements name it as their partner are insured through it from `since` on."""
    _require(officer, body.district)

    async def work(tx: Transaction) -> Outlet:
        if await Outlet.of(body.uscc, tx) is not None:
            raise Conflict("on-file-already", "该网点已登记", "the outlet is on file already")
        return await commands.put_on_file(body.declared(body.uscc), body.since, body.until, tx)

    return _shown(await transact(work), response)


@router.put("/outlets/{uscc}")
async def change_outlet(
    uscc: str, body: bodies.OutletDays, officer: Keeper, seen: RevisionSeen, response: Response
) -> bodies.OutletView:
    """Correct what is on file of an outlet, or end it; what its people are insured through follows, from its first day on."""
    _require(officer, body.district)

    async def work(tx: Transaction) -> Outlet:
        outlet = await outlet_of(uscc, officer, tx)
        require_revision(seen, outlet.revision)
        return await commands.put_on_file(body.declared(outlet.id), body.since, body.until, tx)

    return _shown(await transact(work), response)


@router.get("/outlets")
async def list_outlets(
    officer: OutletOfficer,
    page: PageAsked,
    district: Annotated[str | None, Query(max_length=6, description="only of this district")] = None,
) -> Page[bodies.OutletView]:
    """Outlets on file, by credit code: those of an officer's district, or of the whole city."""
    if district is not None:
        _require(officer, district)
    query: dict[str, Any] = {"district": district} if district else reach(officer, district="district")
    return await Page.of(Outlet, query, _view, page)


@router.get("/outlets/{uscc}")
async def read_outlet(uscc: str, caller: Reader, response: Response) -> bodies.OutletView:
    """An outlet on file."""
    return _shown(await outlet_of(uscc, caller), response)


@router.post("/outlets/{uscc}/people", status_code=status.HTTP_201_CREATED)
async def add_person(uscc: str, body: bodies.NewPerson, officer: Keeper) -> bodies.PersonView:
    """Insure a person who works for the outlet itself. 409 where an employer insures the person already."""

    async def work(tx: Transaction) -> Engagement:
        outlet = await outlet_of(uscc, officer, tx)
        return await commands.add_person(outlet, body.worker_id, body.started_on, tx)

    return _person(await transact(work))


@router.post("/outlets/{uscc}/people/{engagement_id}/ends", status_code=status.HTTP_201_CREATED)
async def end_person(uscc: str, engagement_id: str, body: bodies.PersonEnd, officer: Keeper) -> bodies.PersonView:
    """Take down the last day of a person whom an officer put on file at the outlet; a later word corrects an earlier one."""

    async def work(tx: Transaction) -> Engagement:
        outlet = await outlet_of(uscc, officer, tx)
        engagement = await Engagement.of(engagement_id, tx)
        if engagement is None or not engagement.outlet_only or engagement.partner_uscc != outlet.id:
            raise NotFound("该网点从业人员", "the person")
        await commands.end_person(engagement, body.ended_on, tx)
        return engagement

    return _person(await transact(work))


@router.get("/outlets/{uscc}/people")
async def list_people(uscc: str, caller: DetailReader, page: PageAsked) -> Page[bodies.PersonView]:
    """Who works through an outlet: its own people, and couriers whose engagements name it as their partner."""
    outlet = await outlet_of(uscc, caller)
    return await Page.of(Engagement, {"partner_uscc": outlet.id}, _person, page)


def _require(officer: Caller, district: str) -> None:
    if not officer.reaches(district):
        raise Forbidden("仅本辖区经办人员可操作", "only officers of the district may")


def _view(outlet: Outlet) -> bodies.OutletView:
    return bodies.OutletView(**outlet.model_dump(include=set(bodies.OutletView.model_fields)), uscc=outlet.id)


def _shown(outlet: Outlet, response: Response) -> bodies.OutletView:
    set_etag(response, outlet.revision)
    return _view(outlet)


def _person(engagement: Engagement) -> bodies.PersonView:
    names = {"worker_id", "platform", "started_on", "ended_on"}
    return bodies.PersonView(
        **engagement.model_dump(include=names), engagement_id=engagement.id, own=engagement.outlet_only
    )

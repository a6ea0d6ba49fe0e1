"""Months that employers owe, over HTTP: workers their own, employers their own, officers those of the district."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, status

from services.insurance.access import CityBureau, Payer, credit_code, may_see
from services.insurance.dues import arrears_views, commands, declarations
from services.insurance.dues.amounts import owed
from services.insurance.dues.arrears_commands import arrears_of
from services.insurance.dues.arrears_views import ArrearsLetter
from services.insurance.dues.documents import Figure, MonthDue, UnitMonth, figures
from services.insurance.dues.rules import State
from services.insurance.dues.views import (
    FigureToSet,
    FigureView,
    MonthDueDetail,
    MonthDueView,
    UnitMonthView,
    WagesToDeclare,
    detail,
    figure_view,
    unit_view,
    view,
)
from shared import clock
from shared.callers import Caller
from shared.errors import Conflict, Forbidden, NotFound, RuleBroken
from shared.policy import calendar
from shared.policy.calendar import first_day
from shared.policy.parameters import parameters
from shared.storage.transaction import transact
from shared.web.auth import Worker
from shared.web.fields import Month
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers, fits, reach

router = APIRouter(prefix="/v1", tags=["dues 应缴社会保险费"], route_class=IdempotentRoute)

Reader = Annotated[Caller, callers("worker", "platform", departments=[HRSS], district="document")]

WHOSE = {"worker": "worker_id", "platform": "unit", "district": "district"}
"""The fields that say whose a month is."""


@router.get("/workers/me/dues")
async def list_my_dues(worker: Worker, page: PageAsked) -> Page[MonthDueView]:
    """The months for which an employer owes the caller's insurance, the latest first by employer (社会保险法 art. 60, 74)."""
    return await Page.of(MonthDue, {"worker_id": worker.worker_id}, view, page, sort="-_id")


@router.get("/dues")
async def list_dues(
    caller: Reader,
    page: PageAsked,
    unit: Annotated[str | None, Query(max_length=18, description="credit code of the employer")] = None,
    month: Annotated[Month | None, Query(description="YYYY-MM")] = None,
    state: Annotated[State | None, Query(description="only those in this state")] = None,
) -> Page[MonthDueView]:
    """Months that employers owe, that the caller may see: a worker's or employer's own, an officer's district's."""
    asked = {"unit": unit, "month": month, "state": state}
    query = {name: value for name, value in asked.items() if value is not None} | reach(caller, **WHOSE)
    if unit not in (None, query.get("unit")):
        raise Forbidden()
    return await Page.of(MonthDue, query, view, page, sort="-_id")


@router.get("/dues/{dues_id}")
async def read_dues(dues_id: str, caller: Reader) -> MonthDueDetail:
    """One month with what each insurance comes to, what was paid, what is missing and the late fee as of today."""
    due = await MonthDue.of(dues_id)
    if due is None or not fits(due, reach(caller, **WHOSE)):
        raise NotFound("该月应缴记录", "the month")
    told = await figures()
    law = parameters.on(first_day(due.month), place=due.district)
    paid = (await commands.paid_for([due.worker_id]))[due.worker_id][due.unit]
    found = owed(commands.month_of(due, paid), calendar.shanghai_date(clock.now()), law, told)
    found = commands.still_owed(due, found, await commands.erased_among([due]))
    return detail(due, found, law, told)


@router.get("/unit-months")
async def list_unit_months(
    caller: Payer,
    page: PageAsked,
    unit: Annotated[str | None, Query(max_length=18, description="credit code of the employer")] = None,
    waits: Annotated[bool | None, Query(description="only those of which a person must set something, or not")] = None,
) -> Page[UnitMonthView]:
    """Months of employers, the latest first by employer; an employer sees its own, officers of the city all."""
    own = caller.uscc if caller.role == "platform" else unit
    if unit not in (None, own):
        raise Forbidden()
    query = ({"unit": own} if own else {}) | ({} if waits is None else {"waits": True if waits else {"$ne": True}})
    return await Page.of(UnitMonth, query, unit_view, page, sort="-_id")


@router.get("/unit-months/{unit_month_id}/letter")
async def read_letter(unit_month_id: str, caller: Payer) -> ArrearsLetter:
    """The letter on what an employer owes of a month whose last day has passed: calculated to the day, with the late fee of each day
    (社会保险法 art. 62, 63, 86). 409 where the day has not passed, or nothing is owed."""
    unit = await UnitMonth.of(unit_month_id)
    if unit is None or not may_see(caller, unit.unit):
        raise NotFound("该单位该月应缴记录", "the unit's month")
    today = calendar.shanghai_date(clock.now())
    found = await arrears_of(unit)
    if today <= unit.payable_by or found.clear:
        raise Conflict("nothing-overdue", "该月无逾期欠缴", "nothing of that month is overdue")
    return arrears_views.of(unit, found, today)


@router.post("/wage-declarations", status_code=status.HTTP_201_CREATED)
async def declare_wages(body: WagesToDeclare, caller: Payer) -> UnitMonthView:
    """Declare the wages of a month (社会保险法 art. 60), as the employer; or enter them as an officer where it does not. Once all
    of the month are known, what it comes to is calculated within floor and cap, and goes to the tax office.
    """
    unit = caller.uscc if caller.role == "platform" else credit_code(body.unit or "")
    assert unit is not None
    if not may_see(caller, body.unit or unit):
        raise Forbidden()
    wages = {one.worker_id: one.wage for one in body.wages}
    if len(wages) < len(body.wages):
        raise RuleBroken("person-twice", "名单中同一人员重复", "one person stands twice in the list")
    who: declarations.Who = "employer" if caller.role == "platform" else "officer"
    return unit_view(await transact(lambda tx: declarations.declare(unit, body.month, wages, who, tx)))


@router.post("/contribution-figures", status_code=status.HTTP_201_CREATED)
async def set_figure(body: FigureToSet, officer: CityBureau) -> FigureView:
    """Set a rate, a unit's class of risk, or floor and cap of the base, where no row of the parameters has it; what waited for it is
    calculated again. 409 where a row has it.
    """
    unit = credit_code(body.unit) if body.unit is not None else None
    figure = await transact(
        lambda tx: declarations.set_figure(body.kind, unit, body.since, body.values, body.source, officer.subject, tx)
    )
    return figure_view(figure)


@router.get("/contribution-figures")
async def list_figures(officer: CityBureau, page: PageAsked) -> Page[FigureView]:
    """What officers have set."""
    return await Page.of(Figure, {}, figure_view, page)

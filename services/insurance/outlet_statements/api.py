"""Outlets' monthly statements over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, status

from services.insurance.outlet_statements import commands as statements
from services.insurance.outlet_statements.documents import OutletStatement
from services.insurance.outlet_statements.views import MonthAsked, StatementView, WageAsked
from services.insurance.outlets.access import Bureau, DetailReader, Keeper, outlet_of
from services.insurance.outlets.documents import Outlet
from shared import clock
from shared.errors import NotFound, RuleBroken
from shared.policy import calendar
from shared.storage.audit import write_down
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import Month
from shared.web.idempotency import IdempotentRoute

router = APIRouter(prefix="/v1", tags=["outlets 快递网点"], route_class=IdempotentRoute)


@router.post("/outlets/{uscc}/contributions", status_code=status.HTTP_201_CREATED)
async def draw_statement(uscc: str, body: MonthAsked, officer: Keeper, response: Response) -> StatementView:
    """Draw a month's statement, or draw it again by what is known now. By itself it is drawn when a listed month is over."""
    if body.month > calendar.month_of(clock.now()):
        raise RuleBroken("month-not-begun", "该月份尚未开始", "the month has not begun")

    async def work(tx: Transaction) -> OutletStatement:
        outlet = await outlet_of(uscc, officer, tx)
        return await statements.draw(outlet, body.month, tx)

    return _statement(await transact(work), response)


@router.get("/outlets/{uscc}/contributions")
async def read_statement(
    uscc: str, caller: DetailReader, month: Annotated[Month, Query()], response: Response
) -> StatementView:
    """A month's statement."""
    outlet = await outlet_of(uscc, caller)
    return _statement(await _statement_of(outlet, month), response)


@router.put("/outlets/{uscc}/contributions/{month}/average-wage")
async def enter_wage(
    uscc: str,
    month: Annotated[Month, Path()],
    body: WageAsked,
    officer: Bureau,
    seen: RevisionSeen,
    response: Response,
) -> StatementView:
    """Enter the average wage that a statement waits for, or correct it; the statement is drawn with it."""

    async def work(tx: Transaction) -> OutletStatement:
        outlet = await outlet_of(uscc, officer, tx)
        known = await _statement_of(outlet, month, tx)
        require_revision(seen, known.revision)
        await write_down("outlet.average_wage_set", known.id, officer, tx, f"{body.average_wage}: {body.source}")
        return await statements.enter_wage(known, outlet, body.average_wage, body.source, officer.subject, tx)

    return _statement(await transact(work), response)


async def _statement_of(outlet: Outlet, month: str, tx: Transaction | None = None) -> OutletStatement:
    found = await OutletStatement.of(f"{outlet.id}:{month}", tx)
    if found is None:
        raise NotFound("该月缴费单", "the statement of this month")
    return found


def _statement(kept: OutletStatement, response: Response) -> StatementView:
    set_etag(response, kept.revision)
    return StatementView(**kept.model_dump(include=set(StatementView.model_fields)))

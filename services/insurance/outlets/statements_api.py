"""Outlets' monthly statements over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, status

from services.insurance.outlets import bodies, statements
from services.insurance.outlets.access import Bureau, DetailReader, Keeper, carry_out, outlet_of
from services.insurance.outlets.documents import Outlet, OutletStatement
from shared import clock
from shared.policy import calendar
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction
from shared.web.etags import RevisionSeen, require_revision, set_etag
from shared.web.fields import MonthText
from shared.web.idempotency import IdempotentRoute
from shared.web.problems import broken_rule, not_found

router = APIRouter(prefix="/v1", tags=["outlets 快递网点"], route_class=IdempotentRoute)


@router.post("/outlets/{uscc}/contributions", status_code=status.HTTP_201_CREATED)
async def draw_statement(
    uscc: str, body: bodies.MonthAsked, officer: Keeper, response: Response
) -> bodies.StatementView:
    """Draw a month's statement, or draw it again by what is known now. By itself it is drawn when a listed month is over."""
    if body.month > calendar.month_of(clock.now()):
        raise broken_rule("month-not-begun", "该月份尚未开始", "the month has not begun")

    async def work(tx: Transaction) -> OutletStatement:
        outlet = await outlet_of(uscc, officer, tx)
        return await statements.draw(outlet, body.month, tx)

    return _statement(await carry_out(work), response)


@router.get("/outlets/{uscc}/contributions")
async def read_statement(
    uscc: str, caller: DetailReader, month: Annotated[MonthText, Query()], response: Response
) -> bodies.StatementView:
    """A month's statement."""
    outlet = await outlet_of(uscc, caller)
    return _statement(await _statement_of(outlet, month), response)


@router.put("/outlets/{uscc}/contributions/{month}/average-wage")
async def enter_wage(
    uscc: str,
    month: Annotated[MonthText, Path()],
    body: bodies.WageAsked,
    officer: Bureau,
    seen: RevisionSeen,
    response: Response,
) -> bodies.StatementView:
    """Enter the average wage that a statement waits for, or correct it; the statement is drawn with it."""

    async def work(tx: Transaction) -> OutletStatement:
        outlet = await outlet_of(uscc, officer, tx)
        known = await _statement_of(outlet, month, tx)
        require_revision(seen, known.revision)
        await write_down("outlet.average_wage_set", known.id, officer, tx, f"{body.average_wage}: {body.source}")
        return await statements.enter_wage(known, outlet, body.average_wage, body.source, officer.subject, tx)

    return _statement(await carry_out(work), response)


async def _statement_of(outlet: Outlet, month: str, tx: Transaction | None = None) -> OutletStatement:
    found = await OutletStatement.of(f"{outlet.id}:{month}", tx)
    if found is None:
        raise not_found("该月缴费单", "the statement of this month")
    return found


def _statement(kept: OutletStatement, response: Response) -> bodies.StatementView:
    set_etag(response, kept.revision)
    return bodies.StatementView(**kept.model_dump(include=set(bodies.StatementView.model_fields)))

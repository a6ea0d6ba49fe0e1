"""The exchange over HTTP: how it stands and what differs."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from services.insurance.access import CityBureau
from services.insurance.differences.documents import Difference
from services.insurance.exchange import commands
from services.insurance.exchange.documents import Pull, Reconciliation
from services.insurance.province import connection as wire
from shared import clock
from shared.errors import NotFound, RuleBroken
from shared.policy import calendar
from shared.storage.transaction import transact
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["exchange 省平台交换"], route_class=IdempotentRoute)


class Line(BaseModel):
    """The line to the province as the process that last used it saw it.

    `closed`: all is sent; `open`: nothing is sent, since the province did not answer; `half_open`: one call tries again.
    """

    state: Literal["closed", "open", "half_open"]
    since: dt.datetime | None
    failures: int


class ReconciliationView(BaseModel):
    """A day's comparison of enrolments. `compared` counts requests, `mended` the differences that are gone, `to_officer`
    those that wait for an officer; what is neither is being mended.
    """

    day: dt.date
    asked_by: str
    status: Literal["waiting", "finished"]
    compared: int
    differences: int
    mended: int
    to_officer: int
    finished_at: dt.datetime | None


class ExchangeView(BaseModel):
    """How the exchange stands. `paid_in_until`: up to which change the province's list of payments has been read."""

    line: Line
    last_reconciliation: ReconciliationView | None
    paid_in_until: dt.datetime | None
    open_differences: int


class DayToReconcile(BaseModel):
    """Which day's comparison is asked for. What is compared is always how both sides stand now."""

    day: dt.date | None = Field(default=None, description="the day that it is kept under; today where absent")


@router.get("/exchange")
async def read_exchange(officer: CityBureau) -> ExchangeView:
    """Whether the province answers, when the enrolments were last compared, and how many differences are open."""
    latest = await Reconciliation.find({}).sort("-_id").limit(1).to_list()
    pulled = await Pull.of(commands.PULLED)
    line = await wire.remembered()
    return ExchangeView(
        line=Line(**line) if line else Line(state="closed", since=None, failures=0),
        last_reconciliation=_result(latest[0]) if latest else None,
        paid_in_until=pulled.since if pulled and pulled.since.year > 1970 else None,
        open_differences=await Difference.find({"state": "open"}).count(),
    )


@router.post("/reconciliations", status_code=status.HTTP_202_ACCEPTED)
async def reconcile(body: DayToReconcile, officer: CityBureau) -> ReconciliationView:
    """Compare all enrolments with the province's now; officers of the city. The result is read under its day."""
    today = calendar.shanghai_date(clock.now())
    day = body.day or today
    if day > today:
        raise RuleBroken("day-ahead", "对账日期不能晚于今天", "the day has not come yet")
    return _result(await transact(lambda tx: commands.ask_reconciliation(day, officer.subject, tx)))


@router.get("/reconciliations")
async def list_reconciliations(officer: CityBureau, page: PageAsked) -> Page[ReconciliationView]:
    """Comparisons, the latest day first."""
    return await Page.of(Reconciliation, {}, _result, page, sort="-_id")


@router.get("/reconciliations/{day}")
async def read_reconciliation(day: dt.date, officer: CityBureau) -> ReconciliationView:
    """The comparison of a day."""
    found = await Reconciliation.of(day.isoformat())
    if found is None:
        raise NotFound("该日对账结果", "the comparison of that day")
    return _result(found)


def _result(found: Reconciliation) -> ReconciliationView:
    return ReconciliationView(day=dt.date.fromisoformat(found.id), **found.model_dump(exclude={"id"}))

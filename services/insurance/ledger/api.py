"""Orders and what was charged for them: for the platform, for officers, and for whoever carried them out."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.insurance.access import may_see
from services.insurance.engagements.documents import Engagement
from services.insurance.ledger import queries as ledger
from services.insurance.ledger.documents import EntryRow
from services.insurance.ledger.queries import ChargedOrder, Place, page
from services.insurance.rates.documents import Premium
from services.insurance.rates.rules import ZERO, Cause, Reason
from shared.callers import Caller
from shared.errors import Forbidden, RuleBroken
from shared.web.auth import Worker
from shared.web.fields import Month
from shared.web.paging import Page, PageAsked, Paging, cursor_of
from shared.web.problems import Problem
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["premiums 缴费"])

OrderReader = Annotated[Caller, callers("platform", departments=[HRSS], district="document")]


class ChargeView(BaseModel):
    """An entry of the ledger. `orders` is 1 where the order was charged, 0 where not (`reason`: the worker was employed there,
    the industry has no rate, or the rate is unknown); in a correction what is added, and `reason` what caused it. `premium`
    is yuan; `law` the row of oip.premium_per_order by its tier and day, and the platform's own rate where one holds.
    """

    orders: int
    premium: Premium
    law: str
    reason: Reason | Cause | None


class OrderView(BaseModel):
    """An order as it was first charged, what corrected that, and what it comes to now (`charged`, `premium` in yuan).

    `worker_id` is null while no engagement tells who the worker is; `bill_id` is the bill that takes the charge, null before
    it; corrections may stand in later ones.
    """

    order_id: str
    platform: str
    worker_ref: str = Field(description="the platform's own name for the worker")
    worker_id: str | None
    taken_at: dt.datetime
    finished_at: dt.datetime
    district: str
    industry: str
    charged: bool
    premium: Premium
    charge: ChargeView
    corrections: list[ChargeView]
    bill_id: str | None


@router.get("/orders")
async def list_orders(
    caller: OrderReader,
    asked: PageAsked,
    month: Annotated[Month, Query()],
    platform: Annotated[str | None, Query(max_length=18, description="credit code; officers must name one")] = None,
    worker_ref: Annotated[str | None, Query(max_length=128, description="only this worker's")] = None,
) -> Page[OrderView]:
    """A month's orders of a platform: its own, or for an officer those taken in the officer's district. A page of an officer
    of a district may hold fewer than `limit`.
    """
    uscc = platform or caller.uscc
    if uscc is None:
        raise RuleBroken("platform-missing", "请指定平台", "name a platform")
    if not may_see(caller, uscc):
        raise Forbidden()
    found = await _page([(uscc, worker_ref)], month, asked)
    if caller.role == "officer":
        found.items = [one for one in found.items if caller.reaches(one.district)]
    return found


@router.get("/workers/me/orders")
async def list_own_orders(worker: Worker, asked: PageAsked, month: Annotated[Month, Query()]) -> Page[OrderView]:
    """A month's orders of the worker, on every platform, and what each platform was charged for their cover."""
    engagements = await Engagement.find({"worker_id": worker.worker_id}).to_list()
    whose = {(engagement.platform, engagement.worker_ref) for engagement in engagements}
    found = await _page(sorted(whose), month, asked)
    found.items = [one for one in found.items if one.worker_id == worker.worker_id]
    return found


async def _page(whose: list[tuple[str, str | None]], month: str, asked: Paging) -> Page[OrderView]:
    items, place = await page(whose, month, _place(asked.after), asked.limit)
    return Page(items=[_view(one) for one in items], next=cursor_of(place) if place else None)


def _place(after: object) -> Place | None:
    match after:
        case None:
            return None
        case [str(platform), str(worker_ref), str(sheet), int(shown)]:
            return platform, worker_ref, sheet, shown
    raise Problem(400, "bad-cursor", "翻页参数无效", "the cursor is not one of ours")


def _view(order: ChargedOrder) -> OrderView:
    charge, entries = order.charge, [order.charge, *order.corrections]
    kept = ("platform", "worker_ref", "taken_at", "finished_at", "district", "industry")
    return OrderView(
        order_id=charge["_id"].partition("|")[2],
        worker_id=order.worker_id,
        charged=sum(entry["orders"] for entry in entries) > 0,
        premium=sum((ledger.amount(entry) for entry in entries), ZERO),
        charge=_charge(charge),
        corrections=[_charge(entry) for entry in order.corrections],
        bill_id=order.bill,
        **{name: value for name, value in charge.items() if name in kept},
    )


def _charge(entry: EntryRow) -> ChargeView:
    return ChargeView(orders=entry["orders"], premium=ledger.amount(entry), law=entry["law"], reason=entry["reason"])

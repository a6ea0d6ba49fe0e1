"""Bills: the list, one bill in full, and its payments."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, status
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.insurance.access import CityBureau, Payer, may_see
from services.insurance.billing import commands as billing
from services.insurance.billing import payments
from services.insurance.billing import recomputation as recomputing
from services.insurance.billing.documents import Bill, Closing, Payment
from services.insurance.billing.rules import State
from services.insurance.billing.views import (
    COLUMNS,
    BillDetail,
    BillPaymentView,
    BillView,
    PaymentToEnter,
    Recomputation,
    RecomputedView,
    rows,
)
from shared import clock
from shared.callers import Caller
from shared.errors import Forbidden, NotFound, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.records import find
from shared.storage.transaction import transact
from shared.web.etags import set_etag
from shared.web.fields import Month
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers
from shared.web.tables import TableFormat, table_response

router = APIRouter(prefix="/v1", tags=["premiums 缴费"], route_class=IdempotentRoute)

Cashier = Annotated[Caller, callers("provincial", departments=[HRSS])]


@router.get("/bills")
async def list_bills(
    caller: Payer,
    page: PageAsked,
    platform: Annotated[str | None, Query(max_length=18, description="credit code")] = None,
    month: Annotated[Month | None, Query(description="YYYY-MM, Asia/Shanghai")] = None,
) -> Page[BillView]:
    """Issued bills, by platform and month; a platform sees its own."""
    query: dict[str, object] = {"status": {"$ne": "draft"}}
    if caller.role == "platform":
        query["platform"] = caller.uscc
        if platform not in (None, caller.uscc):
            raise Forbidden()
    elif platform is not None:
        query["platform"] = platform
    if month is not None:
        query["month"] = month
    return await Page.of(Bill, query, _view, page)


@router.get("/bills/{bill_id}")
async def read_bill(bill_id: str, caller: Payer, response: Response) -> BillDetail:
    """An issued bill with its payments, and the late fee as of today."""
    bill = await seen_bill(bill_id, caller)
    set_etag(response, bill.revision)
    return await _detail(bill)


@router.get("/bills/{bill_id}/detail")
async def download_bill(bill_id: str, caller: Payer, kind: TableFormat = "csv") -> StreamingResponse:
    """Every entry of a bill as a table: charges, and corrections with the order that they correct. `premium` is what the
    entry adds, in yuan; `rate` what the order costs with it; `law` the row of oip.premium_per_order, by its tier and the day
    from which it holds, and the platform's own rate where one holds.
    """
    bill = await seen_bill(bill_id, caller)
    return await table_response(f"{bill.platform}-{bill.month}", COLUMNS, rows(bill), kind)


@router.get("/bills/{bill_id}/recomputation")
async def recompute_bill(bill_id: str, officer: CityBureau) -> Recomputation:
    """Calculate a bill again, entry by entry, and compare. A large bill takes its time: some seconds for 10,000 orders."""
    bill = await seen_bill(bill_id, officer)
    found = await recomputing.bill(bill)
    return Recomputation(
        bill_id=bill.id,
        orders=found.orders,
        late_orders=found.late_orders,
        premium=found.premium,
        charged=found.charged,
        corrected=found.corrected,
        difference_count=found.count,
        differences=[RecomputedView(**asdict(one), reckoned=one.calculated) for one in found.differences],
    )


@router.post("/bills/{bill_id}/payments", status_code=status.HTTP_201_CREATED)
async def enter_payment(bill_id: str, body: PaymentToEnter, caller: Cashier) -> BillDetail:
    """Enter a payment of the premium, whole or in part, as an officer or the province. Entered again under its number, it
    changes nothing; more than is outstanding is refused. The late fee is levied by the tax office, not paid here.
    """
    if body.paid_on > calendar.shanghai_date(clock.now()):
        raise RuleBroken("paid-in-the-future", "缴款日期晚于今天", "the day of payment is yet to come")
    payment = Payment(id=body.payment_id, bill_id=bill_id, amount=body.amount, paid_on=body.paid_on, by=caller.subject)
    await transact(lambda tx: payments.enter(payment.model_copy(), tx))
    bill = await Bill.of(bill_id)
    assert bill is not None
    return await _detail(bill)


async def seen_bill(bill_id: str, caller: Caller) -> Bill:
    """An issued bill that the caller may see; raises a 404 problem for any other."""
    bill = await Bill.of(bill_id)
    if bill is None or bill.status == "draft" or not may_see(caller, bill.platform):
        raise NotFound("该账单", "the bill")
    return bill


def _view(bill: Bill) -> BillView:
    return BillView(**_values(bill))


def _values(bill: Bill) -> dict[str, object]:
    kept = bill.model_dump(include=set(BillView.model_fields) - {"bill_id", "outstanding", "set_off", "credit"})
    account = bill.account
    sums = {"outstanding": account.outstanding, "set_off": account.set_off, "credit": account.credit}
    return {"bill_id": bill.id, **sums, **kept}


async def _detail(bill: Bill) -> BillDetail:
    today = calendar.shanghai_date(clock.now())
    law = parameters.on(bill.due_on or today)
    fee: Decimal = await payments.late_fee_on(bill, today, law)
    return BillDetail(
        **_values(bill),
        charged=bill.charged,
        corrected=bill.corrected,
        late_fee=fee,
        late_fee_on=today,
        reminders=bill.reminders,
        payments=[
            BillPaymentView(payment_id=one.id, amount=one.amount, paid_on=one.paid_on)
            for one in await payments.payments_of(bill.id)
        ],
        used=[*bill.used, *(one for one in law.used if one not in bill.used)],
    )


AHEAD = dt.timedelta(minutes=5)
"""How far a platform's clock may be ahead of ours by the outside contract: an order may already be of the next month."""


class MonthToClose(BaseModel):
    """The month to be closed."""

    month: Month


class BillState(BaseModel):
    """A bill of a closed month, and how far it is."""

    bill_id: str
    platform: str
    status: State


class ClosingView(BaseModel):
    """A closed month with its bills; a draft is being filled, and is issued or, where nothing is due, removed."""

    month: str
    closed_at: dt.datetime
    bills: list[BillState]


@router.post("/bill-closings", status_code=status.HTTP_202_ACCEPTED)
async def close_month(body: MonthToClose, officer: CityBureau, response: Response) -> ClosingView:
    """Close a month: a bill for each platform. A month that is closed already stays as it is."""
    if body.month > calendar.month_of(clock.now() + AHEAD):
        raise RuleBroken("month-not-begun", "该月份尚未开始，不能关账", "the month has not begun")
    await transact(lambda tx: billing.close(body.month, officer.subject, tx))
    response.headers["location"] = f"/v1/bill-closings/{body.month}"
    return await _closing(body.month)


@router.get("/bill-closings/{month}")
async def read_closing(month: Annotated[Month, Path()], officer: CityBureau) -> ClosingView:
    """A closed month and how far its bills are."""
    return await _closing(month)


async def _closing(month: str) -> ClosingView:
    closing = await Closing.of(month)
    if closing is None:
        raise NotFound("该月份的关账记录", "the closing of this month")
    bills = await find(Bill, {"month": month}, sort="_id")
    states = [BillState(bill_id=bill.id, platform=bill.platform, status=bill.status) for bill in bills]
    return ClosingView(month=month, closed_at=closing.created_at, bills=states)

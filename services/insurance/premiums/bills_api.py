"""Bills: the list, one bill in full, and its payments."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from fastapi.responses import StreamingResponse

from services.insurance.premiums import detail, payments, recomputing
from services.insurance.premiums.access import CityBureau, Payer, may_see
from services.insurance.premiums.arrears import ForbiddenStep
from services.insurance.premiums.bill_views import (
    BillDetail,
    BillPaymentView,
    BillView,
    PaymentToEnter,
    Recomputation,
    RecomputedView,
)
from services.insurance.premiums.documents import Bill, Payment
from shared import clock
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.transaction import transact
from shared.web.auth import Caller
from shared.web.etags import set_etag
from shared.web.fields import MonthText
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked, cursor_of
from shared.web.problems import broken_rule, conflict, forbidden, not_found
from shared.web.scope import HRSS, callers
from shared.web.tables import TableFormat, table_response

router = APIRouter(prefix="/v1", tags=["premiums 缴费"], route_class=IdempotentRoute)

Cashier = Annotated[Caller, callers("provincial", departments=[HRSS])]


@router.get("/bills")
async def list_bills(
    caller: Payer,
    page: PageAsked,
    platform: Annotated[str | None, Query(max_length=18, description="credit code")] = None,
    month: Annotated[MonthText | None, Query(description="YYYY-MM, Asia/Shanghai")] = None,
) -> Page[BillView]:
    """Issued bills, by platform and month; a platform sees its own."""
    query: dict[str, object] = {"status": {"$ne": "draft"}}
    if caller.role == "platform":
        query["platform"] = caller.uscc
        if platform not in (None, caller.uscc):
            raise forbidden()
    elif platform is not None:
        query["platform"] = platform
    if month is not None:
        query["month"] = month
    if page.after is not None:
        query["_id"] = {"$gt": str(page.after)}
    bills = await Bill.find(query).sort("_id").limit(page.limit + 1).to_list()
    shown = bills[: page.limit]
    more = len(bills) > page.limit
    return Page(items=[BillView(**_values(bill)) for bill in shown], next=cursor_of(shown[-1].id) if more else None)


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
    return await table_response(f"{bill.platform}-{bill.month}", detail.COLUMNS, detail.rows(bill), kind)


@router.get("/bills/{bill_id}/recomputation")
async def recompute_bill(bill_id: str, officer: CityBureau) -> Recomputation:
    """Reckon a bill again, entry by entry, and compare. A large bill takes its time: some seconds for 10,000 orders."""
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
        differences=[RecomputedView(**asdict(one)) for one in found.differences],
    )


@router.post("/bills/{bill_id}/payments", status_code=status.HTTP_201_CREATED)
async def enter_payment(bill_id: str, body: PaymentToEnter, caller: Cashier) -> BillDetail:
    """Enter a payment of the premium, whole or in part, as an officer or the province. Entered again under its number, it
    changes nothing; more than is outstanding is refused. The late fee is levied by the tax office, not paid here.
    """
    if body.paid_on > calendar.shanghai_date(clock.now()):
        raise broken_rule("paid-in-the-future", "缴款日期晚于今天", "the day of payment is yet to come")
    payment = Payment(id=body.payment_id, bill_id=bill_id, amount=body.amount, paid_on=body.paid_on, by=caller.subject)
    try:
        await transact(lambda tx: payments.enter(payment.model_copy(), tx))
    except payments.UnknownBill:
        raise not_found("该账单", "the bill") from None
    except payments.MoreThanDue:
        raise broken_rule("more-than-due", "缴款金额超过应缴金额", "the amount is more than is outstanding") from None
    except payments.PaymentDiffers:
        raise conflict(
            "payment-number-used", "该缴款编号已用于其他缴款", "the number stands for another payment"
        ) from None
    except ForbiddenStep:
        raise conflict("nothing-due", "该账单无应缴金额", "nothing is owed on this bill") from None
    bill = await Bill.of(bill_id)
    assert bill is not None
    return await _detail(bill)


async def seen_bill(bill_id: str, caller: Caller) -> Bill:
    """An issued bill that the caller may see; raises a 404 problem for any other."""
    bill = await Bill.of(bill_id)
    if bill is None or bill.status == "draft" or not may_see(caller, bill.platform):
        raise not_found("该账单", "the bill")
    return bill


def _values(bill: Bill) -> dict[str, object]:
    kept = bill.model_dump(include=set(BillView.model_fields) - {"bill_id", "outstanding"})
    return {"bill_id": bill.id, "outstanding": bill.outstanding, **kept}


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

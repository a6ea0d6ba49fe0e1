"""Outlets' bills over HTTP: an insurer or outlet reads its own, officers those of their district."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response, status

from services.insurance.outlet_bills import commands
from services.insurance.outlet_bills.documents import OutletBill, OutletPayment
from services.insurance.outlet_bills.views import (
    OutletBillDetail,
    OutletBillView,
    OutletPaymentToEnter,
    values,
    view,
)
from services.insurance.outlets.access import today
from shared.callers import Caller
from shared.errors import NotFound, RuleBroken
from shared.policy.parameters import parameters
from shared.storage.transaction import transact
from shared.web.etags import set_etag
from shared.web.fields import Month
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers, reach

router = APIRouter(prefix="/v1", tags=["outlets 快递网点"], route_class=IdempotentRoute)

Payer = Annotated[Caller, callers("platform", departments=[HRSS], district="document")]
Cashier = Annotated[Caller, callers("provincial", departments=[HRSS], district="document")]


@router.get("/outlet-bills")
async def list_bills(
    caller: Payer,
    page: PageAsked,
    outlet: Annotated[str | None, Query(max_length=18, description="credit code of the outlet")] = None,
) -> Page[OutletBillView]:
    """Bills of outlets' contributions: those that the caller owes as the insurer, or those of an officer's district."""
    query: dict[str, Any] = reach(caller, platform="insurer", district="district")
    query |= {"outlet": outlet} if outlet else {}
    return await Page.of(OutletBill, query, view, page)


@router.get("/outlets/{uscc}/bills/{month}")
async def read_bill(uscc: str, month: Annotated[Month, Path()], caller: Payer, response: Response) -> OutletBillDetail:
    """A month's bill with its receipts, and the late fee as of today."""
    bill = await OutletBill.of(f"{uscc}:{month}")
    if bill is None or not _sees(caller, bill):
        raise NotFound("该账单", "the bill")
    set_etag(response, bill.revision)
    return _detail(bill)


@router.post("/outlets/{uscc}/bills/{month}/payments", status_code=status.HTTP_201_CREATED)
async def enter_payment(
    uscc: str, month: Annotated[Month, Path()], body: OutletPaymentToEnter, caller: Cashier
) -> OutletBillDetail:
    """Enter a payment, whole or in part, as an officer or the province. Entered again under its number, it changes nothing.

    More than is outstanding is refused to an officer; what the province says has come counts whole, and what is too much is
    set off against the outlet's next bill. The late fee is levied by the tax office, not paid here.
    """
    if body.paid_on > today():
        raise RuleBroken("paid-in-the-future", "缴款日期晚于今天", "the day of payment is yet to come")
    bill_id = f"{uscc}:{month}"
    known = await OutletBill.of(bill_id)
    if known is None or (caller.role == "officer" and not caller.reaches(known.district)):
        raise NotFound("该账单", "the bill")
    if caller.role == "provincial":
        number = body.payment_id
        await transact(lambda tx: commands.record_payment(number, bill_id, body.amount, body.paid_on, tx))
    else:
        payment = OutletPayment(
            id=body.payment_id, bill_id=bill_id, amount=body.amount, paid_on=body.paid_on, by=caller.subject
        )
        await transact(lambda tx: commands.enter(payment.model_copy(), tx))
    bill = await OutletBill.of(bill_id)
    assert bill is not None
    return _detail(bill)


def _sees(caller: Caller, bill: OutletBill) -> bool:
    if caller.role == "platform":
        return caller.uscc in (bill.insurer, bill.outlet)
    return caller.reaches(bill.district)


def _detail(bill: OutletBill) -> OutletBillDetail:
    law = parameters.on(bill.due_on, place=bill.district)
    fee = commands.late_fee_on(bill, today(), law)
    return OutletBillDetail.model_validate(
        {
            **values(bill),
            "late_fee": fee,
            "late_fee_on": today(),
            "settled_on": bill.settled_on,
            "reminders": bill.reminders,
            "receipts": bill.receipts,
            "asked": bill.asked,
            "gifts": bill.gifts,
            "used": [*bill.used, *(one for one in law.used if one not in bill.used)],
        }
    )

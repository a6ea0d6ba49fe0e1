"""Outlets' bills as callers see them, and the payments that are entered."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, Field

from services.insurance.outlet_bills.documents import Asked, Given, OutletBill, Receipt
from services.insurance.outlet_bills.rules import State
from shared.policy.parameters import Used
from shared.storage.fields import Yuan


class OutletBillView(BaseModel):
    """What the `insurer` owes for an outlet and month, in yuan. `paid` and `outstanding` add up to the amount; `overpaid` is too
    much and waits for the next bill, `given` was set off against others. `status`: issued, part_paid, paid, overdue."""

    bill_id: str = Field(description="<credit code>:<YYYY-MM>")
    outlet: str
    insurer: str
    month: str
    people: int
    amount: Yuan
    due_on: dt.date
    status: State
    paid: Yuan
    outstanding: Yuan
    overpaid: Yuan
    given: Yuan


class OutletBillDetail(OutletBillView):
    """With every receipt, and the late fee that has grown by the end of `late_fee_on`. `asked`: what it has come to since when, where
    that has changed; `gifts`: what was set off against other bills. `used`: the parameters it rests on."""

    late_fee: Yuan
    late_fee_on: dt.date
    settled_on: dt.date | None
    reminders: int
    receipts: list[Receipt]
    asked: list[Asked]
    gifts: list[Given]
    used: list[Used]


class OutletPaymentToEnter(BaseModel):
    """A payment of an outlet's bill by its number, in yuan."""

    payment_id: Annotated[str, Field(min_length=1, max_length=64, description="the payment's number; it counts once")]
    amount: Annotated[Yuan, Field(gt=0, description="yuan, at most what is outstanding")]
    paid_on: dt.date = Field(description="the day on which the money came, not after today")


def view(bill: OutletBill) -> OutletBillView:
    return OutletBillView(**values(bill))


def values(bill: OutletBill) -> dict[str, object]:
    """The fields of `OutletBillView`."""
    derived = {"paid": bill.paid, "outstanding": bill.outstanding, "overpaid": bill.overpaid}
    kept = bill.model_dump(include=set(OutletBillView.model_fields) - {"bill_id", *derived})
    return {"bill_id": bill.id, **derived, **kept}

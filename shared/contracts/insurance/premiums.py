"""What insurance tells of premiums and bills. Money is yuan."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Money, Month, SignedMoney, Topic, event

BILL = Topic("insurance.bill")


@event("cn.deyang.insurance.bill.issued.v1", topic=BILL, key="bill_id")
class BillIssued(Fact, frozen=True, kw_only=True):
    """A platform's premium for a month. `orders` are the charged ones, `late_orders` those of earlier months among them;
    `set_off`: what credits of earlier bills pay of it.
    """

    bill_id: Id
    platform: Id
    month: Month
    orders: int
    late_orders: int
    premium: SignedMoney
    due_on: date
    set_off: Money = "0.00"


@event("cn.deyang.insurance.premium.adjusted.v1", topic=BILL, key="platform")
class PremiumAdjusted(Fact, frozen=True, kw_only=True):
    """What a late fact changed in the ledger of a platform. Money in yuan."""

    platform: Id
    orders: int
    premium: SignedMoney
    reason: Literal["employment", "delivery_class", "rate"]


class BillFact(Fact, frozen=True, kw_only=True):
    """How a bill stands: `paid`, `outstanding` and what credits of earlier bills pay add up to its premium."""

    bill_id: Id
    platform: Id
    month: Month
    premium: SignedMoney
    paid: Money
    outstanding: Money
    due_on: date


class BillFields(TypedDict):
    """The fields of `BillFact`, for whoever makes its events."""

    bill_id: Id
    platform: Id
    month: Month
    premium: SignedMoney
    paid: Money
    outstanding: Money
    due_on: date


@event("cn.deyang.insurance.bill.paid.v1", topic=BILL, key="bill_id")
class BillPaid(BillFact, frozen=True, kw_only=True):
    """A payment has come; `settled` where nothing is outstanding any more."""

    payment_id: Id
    amount: Money
    paid_on: date
    settled: bool


@event("cn.deyang.insurance.bill.due_near.v1", topic=BILL, key="bill_id")
class BillDueNear(BillFact, frozen=True, kw_only=True):
    """The day on which a bill is due is near."""


@event("cn.deyang.insurance.bill.overdue.v1", topic=BILL, key="bill_id")
class BillOverdue(BillFact, frozen=True, kw_only=True):
    """A bill was not paid in time; told again by each reminder. `late_fee` is what has grown so far."""

    late_fee: Money
    reminders: int

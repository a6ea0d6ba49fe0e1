"""What insurance tells of premiums and bills. Money is yuan."""

from __future__ import annotations

from datetime import date
from typing import Literal, NotRequired, TypedDict

from shared.contracts.base import Fact, Id, Money, Month, SignedMoney, Topic, event
from shared.contracts.insurance.enrolment import Scheme

BILL = Topic("insurance.bill")


@event("cn.deyang.insurance.bill.issued.v1", topic=BILL, key="bill_id")
class BillIssued(Fact, frozen=True, kw_only=True):
    """A platform's premium for a month. `orders` are the charged ones, `late_orders` those of earlier months among them;
    `set_off`: what credits of earlier bills pay of it.

    `scheme`: work injury where it is a courier `outlet`'s contribution for its `people`, which `platform`, its insurer, owes
    (人社厅发〔2021〕101 号); told again where it comes to another sum.
    """

    bill_id: Id
    platform: Id
    month: Month
    orders: int
    late_orders: int
    premium: SignedMoney
    due_on: date
    scheme: Scheme = "occupational_injury"
    outlet: Id | None = None
    people: int | None = None
    set_off: Money = "0.00"


@event("cn.deyang.insurance.premium.adjusted.v1", topic=BILL, key="platform")
class PremiumAdjusted(Fact, frozen=True, kw_only=True):
    """What a late fact changed in the ledger of a platform. Money in yuan."""

    platform: Id
    orders: int
    premium: SignedMoney
    reason: Literal["employment", "delivery_class", "rate"]


class BillFact(Fact, frozen=True, kw_only=True):
    """How a bill stands: `paid`, `outstanding` and what credits of earlier bills pay add up to its premium. `scheme` and `outlet`: as
    in `BillIssued`."""

    bill_id: Id
    platform: Id
    month: Month
    premium: SignedMoney
    paid: Money
    outstanding: Money
    due_on: date
    scheme: Scheme = "occupational_injury"
    outlet: Id | None = None


class BillFields(TypedDict):
    """The fields of `BillFact`, for whoever makes its events."""

    bill_id: Id
    platform: Id
    month: Month
    premium: SignedMoney
    paid: Money
    outstanding: Money
    due_on: date
    scheme: NotRequired[Scheme]
    outlet: NotRequired[Id | None]


@event("cn.deyang.insurance.bill.paid.v1", topic=BILL, key="bill_id")
class BillPaid(BillFact, frozen=True, kw_only=True):
    """A payment has come; `settled` where nothing is outstanding any more. An outlet's bill may be met by what was paid too
    much on another: `payment_id` is `set-off:<bill>` then."""

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

"""Bills with their payments, and the months that are closed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.insurance.billing.rules import Account, State
from services.insurance.rates.documents import Premium
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.storage.records import Record


class Part(BaseModel):
    """What a bill has of charges, or of corrections: entries, charged orders (more or less), and yuan as calculated."""

    entries: int = 0
    orders: int = 0
    premium: Premium = Decimal(0)

    def add(self, entries: int, orders: int, premium: Decimal) -> None:
        self.entries += entries
        self.orders += orders
        self.premium += premium


class SetOff(BaseModel):
    """Yuan of one bill's credit that pay another, whose id is `bill_id`."""

    bill_id: str
    amount: Yuan


class Bill(Record):
    """A platform's premium for a month; its id is `<uscc>|<month>`.

    A draft is filled sheet by sheet. `orders` are the charged ones, `late_orders` those of earlier, closed months among
    them. `premium` is yuan, the sum of `charged` and `corrected` rounded half up to the fen. `paid` is what has come of
    it, `overpaid` what came beyond it; `set_off` are the credits of earlier bills that pay it, `passed_on` what its own credit pays
    of later ones. `reminders` counts those sent after the due day. `used` are the parameters that the bill's dates rest on.
    """

    platform: str
    month: str
    status: State = "draft"
    orders: int = 0
    late_orders: int = 0
    premium: Yuan = Decimal(0)
    charged: Part = Part()
    corrected: Part = Part()
    due_on: dt.date | None = None
    paid: Yuan = Decimal(0)
    overpaid: Yuan = Decimal(0)
    set_off: list[SetOff] = []
    passed_on: list[SetOff] = []
    reminders: int = 0
    used: list[Used] = []

    class Settings:
        name = "bills"
        indexes = [
            IndexModel([("platform", ASCENDING), ("month", ASCENDING)]),
            IndexModel([("month", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def outstanding(self) -> Decimal:
        """What is still owed, in yuan."""
        return self.account.outstanding

    @property
    def account(self) -> Account:
        """What became of its money."""
        return Account(self.premium, self.paid, self.overpaid, _sum(self.set_off), _sum(self.passed_on))

    @property
    def to_collect(self) -> Decimal:
        """What is to be paid in money, in yuan: the premium without what credits pay."""
        return max(self.premium - _sum(self.set_off), Decimal(0))


class Payment(Record):
    """Money that has come for a bill; its id is the payment's number. `by` is the officer, or `province`."""

    bill_id: str
    amount: Yuan
    paid_on: dt.date
    by: str

    class Settings:
        name = "payments"
        indexes = [IndexModel([("bill_id", ASCENDING)])]


class Closing(Record):
    """A month (its id) that is closed: what comes for it now is late. `by` is the officer, or `timer`."""

    by: str

    class Settings:
        name = "closings"


class MonthEnd(Record):
    """That months close by themselves: one document, made at the service's first start, with that start's month."""

    since: str

    class Settings:
        name = "month_ends"


def _sum(parts: list[SetOff]) -> Decimal:
    return sum((part.amount for part in parts), Decimal(0))

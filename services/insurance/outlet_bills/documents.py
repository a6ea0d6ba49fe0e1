"""Bills of outlets' contributions, and their payments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.insurance.outlet_bills.rules import Owed, State, reliefs
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.storage.records import Record

ZERO = Decimal(0)


class Receipt(BaseModel):
    """Money that counts on a bill, in yuan: a payment by its number, or what was paid too much on the bill `number`."""

    kind: Literal["payment", "set_off"]
    number: str
    amount: Yuan
    paid_on: dt.date


class Given(BaseModel):
    """Yuan that were too much on a bill and count on the bill `number` since a day."""

    number: str
    amount: Yuan
    on: dt.date


class Asked(BaseModel):
    """What a bill has come to since a day, in yuan."""

    on: dt.date
    amount: Yuan


class OutletBill(Record):
    """What the `insurer` owes for an outlet and month; its id is the statement's, `<credit code>:<YYYY-MM>`. Amounts in yuan.

    `amount` is what the statement comes to, and `asked` what it has come to since when, once that has changed. `given` is what of the
    receipts was set off against other bills, `gifts` when. `settled_on`: the day on which nothing was owed any more.
    `reminders` counts those sent after the due day. `used`: what its dates rest on.
    """

    outlet: str
    insurer: str
    month: str
    district: str
    people: int
    amount: Yuan
    status: State
    due_on: dt.date
    receipts: list[Receipt] = []
    given: Yuan = ZERO
    gifts: list[Given] = []
    asked: list[Asked] = []
    settled_on: dt.date | None = None
    reminders: int = 0
    used: list[Used] = []

    class Settings:
        name = "outlet_bills"
        indexes = [
            IndexModel([("outlet", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("insurer", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def balance(self) -> Decimal:
        """What has come and stays on this bill, less what is owed."""
        return sum((one.amount for one in self.receipts), ZERO) - self.given - self.amount

    @property
    def outstanding(self) -> Decimal:
        return max(-self.balance, ZERO)

    @property
    def overpaid(self) -> Decimal:
        """What is too much and was not set off yet."""
        return max(self.balance, ZERO)

    @property
    def paid(self) -> Decimal:
        """What has come of the amount."""
        return self.amount - self.outstanding

    @property
    def came(self) -> Decimal:
        """The money that has come for it, whatever became of it."""
        return sum((one.amount for one in self.receipts if one.kind == "payment"), ZERO)

    @property
    def to_collect(self) -> Decimal:
        """What is to be paid in money for it: without what was paid too much on other bills, and with what of its own pays those."""
        set_off = sum((one.amount for one in self.receipts if one.kind == "set_off"), ZERO)
        return max(self.amount + self.given - set_off, ZERO)

    @property
    def flows(self) -> list[tuple[dt.date, Decimal]]:
        """The day and yuan of what lessens the bill, or (less than nothing) of what adds to it, as its late fee is reckoned from."""
        came = [(one.paid_on, one.amount) for one in self.receipts]
        gone = [(one.on, -one.amount) for one in self.gifts]
        return [*came, *gone, *reliefs([(one.on, one.amount) for one in self.asked], self.amount)]

    def ask(self, amount: Decimal, day: dt.date, since: dt.date) -> None:
        """Let it come to another amount from a day on; it was issued on the day `since`."""
        self.asked = self.asked or [Asked(on=since, amount=self.amount)]
        self.asked.append(Asked(on=day, amount=amount))
        self.amount = amount

    @property
    def owed(self) -> Owed:
        return Owed(self.month, self.due_on, self.settled_on)


class OutletPayment(Record):
    """Money that has come for an outlet's bill; its id is the payment's number, so that it counts once."""

    bill_id: str
    amount: Yuan
    paid_on: dt.date
    by: str

    class Settings:
        name = "outlet_payments"

"""The premium ledger, its sheets, and the bills.

Every order is one entry of the ledger, whose id is the order's, so that it is charged once whatever happens; what
corrects it is an entry of its own. Entries are never changed or removed. A sheet (账页) lists the entries that one batch
gave one platform in one month, with their sums: bills, statistics and searches go by sheets, a thousandth as many as
entries, so that the ledger needs no index besides its ids and takes orders as fast as the database can.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from beanie import Document
from bson import Decimal128
from pydantic import BaseModel, BeforeValidator, PlainSerializer
from pymongo import ASCENDING, IndexModel

from services.insurance.premiums.arrears import State
from services.insurance.premiums.rates import ZERO, Floating, FloatingRate, Reason
from services.insurance.premiums.rules import Cause
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.storage.records import Record


def _decimal(value: Any) -> Any:
    return value.to_decimal() if isinstance(value, Decimal128) else value


Premium = Annotated[
    Decimal, BeforeValidator(_decimal), PlainSerializer(lambda amount: f"{amount:f}", return_type=str, when_used="json")
]
"""Yuan as reckoned, before it is rounded: a floating rate may come to parts of a fen."""


class Entry(Document):
    """A charge, or a correction of one (`corrects` is the charge's id).

    The id of a charge is `<uscc>|<order id>`; that of its n-th correction `adj:<n>:<charge's id>`, which no charge can
    have, since no code holds a colon. `sheet` is the sheet that lists it. `orders` is 1 where the order is charged and
    0 where it is not (`reason`), in a correction 1, 0 or -1; `law` see `rules.Price`. Premium is yuan; in a correction
    it is what is added, and `rate` what the order costs with it.
    """

    id: str  # type: ignore[assignment]
    sheet: str
    platform: str
    worker_ref: str
    month: str
    industry: str
    district: str
    orders: int
    premium: Premium
    law: str
    reason: Reason | Cause | None
    taken_at: dt.datetime | None
    finished_at: dt.datetime
    corrects: str | None = None
    rate: Premium | None = None

    class Settings:
        name = "ledger"


class Sheet(Document):
    """Entries of one platform and month, and their sums. It is written once, after its entries, and then only billed.

    A sheet holds charges or corrections. `refs` are the workers of charges and `ids`, in the same order, the order ids of
    each; `corrections` are ids of entries. `charges` counts charge entries, `orders` the charged orders. `first` and `last`
    bound the time of the orders. `bill` is the bill that takes the sheet. A void sheet holds nothing: it keeps a writer
    that was taken for dead from adding its sheet late.
    """

    id: str  # type: ignore[assignment]
    void: bool = False
    platform: str | None = None
    month: str | None = None
    bill: str | None = None
    charges: int = 0
    orders: int = 0
    premium: Premium = Decimal(0)
    refs: list[str] = []  # noqa: RUF012 - pydantic copies it
    ids: list[list[str]] = []  # noqa: RUF012 - pydantic copies it
    corrections: list[str] = []  # noqa: RUF012 - pydantic copies it
    first: dt.datetime | None = None
    last: dt.datetime | None = None

    class Settings:
        name = "sheets"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("platform", ASCENDING), ("month", ASCENDING), ("bill", ASCENDING)])
        ]


class Rate(Record):
    """A platform's own rate in an industry from a day on; its id is `<uscc>|<industry>|<day>`. `value` see `FloatingRate`;
    `document` is the number of the paper that sets it, `by` the officer.
    """

    platform: str
    industry: str
    since: dt.date
    kind: Floating
    value: Premium
    document: str
    by: str

    class Settings:
        name = "rates"
        indexes = [IndexModel([("platform", ASCENDING)])]  # noqa: RUF012 - Beanie reads it so

    @property
    def floating(self) -> FloatingRate:
        return FloatingRate(self.since, self.kind, self.value)


class Part(BaseModel):
    """What a bill has of charges, or of corrections: entries, charged orders (more or less), and yuan as reckoned."""

    entries: int = 0
    orders: int = 0
    premium: Premium = Decimal(0)

    def add(self, entries: int, orders: int, premium: Decimal) -> None:
        self.entries += entries
        self.orders += orders
        self.premium += premium


class Bill(Record):
    """A platform's premium for a month; its id is `<uscc>|<month>`.

    A draft is filled sheet by sheet. `orders` are the charged ones, `late_orders` those of earlier, closed months among
    them. `premium` is yuan, the sum of `charged` and `corrected` rounded half up to the fen. `paid` is what has come of
    it, `overpaid` what came beyond it; `reminders` counts those sent after the due day. `used` are the parameters that the
    bill's dates rest on.
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
    reminders: int = 0
    used: list[Used] = []  # noqa: RUF012 - pydantic copies it

    class Settings:
        name = "bills"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("platform", ASCENDING), ("month", ASCENDING)]),
            IndexModel([("month", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def outstanding(self) -> Decimal:
        """What is still owed, in yuan."""
        return max(self.premium - self.paid, ZERO)


class Payment(Record):
    """Money that has come for a bill; its id is the payment's number. `by` is the officer, or `province`."""

    bill_id: str
    amount: Yuan
    paid_on: dt.date
    by: str

    class Settings:
        name = "payments"
        indexes = [IndexModel([("bill_id", ASCENDING)])]  # noqa: RUF012 - Beanie reads it so


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

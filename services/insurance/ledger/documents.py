"""The premium ledger and its sheets.

Every order is one entry of the ledger, whose id is the order's, so that it is charged once whatever happens; what
corrects it is an entry of its own. Entries are never changed or removed. A sheet (账页) lists the entries that one batch
gave one platform in one month, with their sums: bills, statistics and searches go by sheets, a thousandth as many as
entries, so that the ledger needs no index besides its ids and takes orders as fast as the database can.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NotRequired, TypedDict

from bson import Decimal128
from pymongo import ASCENDING, IndexModel

from services.insurance.rates.documents import Premium
from services.insurance.rates.rules import Cause, Reason
from shared.storage.records import Keyed


class Entry(Keyed):
    """A charge, or a correction of one (`corrects` is the charge's id).

    The id of a charge is `<uscc>|<order id>`; that of its n-th correction `adj:<n>:<charge's id>`, which no charge can
    have, since no code holds a colon. `sheet` is the sheet that lists it. `orders` is 1 where the order is charged and
    0 where it is not (`reason`), in a correction 1, 0 or -1; `law` see `rules.Price`. Premium is yuan; in a correction
    it is what is added, and `rate` what the order costs with it.
    """

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


class Sheet(Keyed):
    """Entries of one platform and month, and their sums. It is written once, after its entries, and then only billed.

    A sheet holds charges or corrections. `refs` are the workers of charges and `ids`, in the same order, the order ids of
    each; `corrections` are ids of entries. `charges` counts charge entries, `orders` the charged orders. `first` and `last`
    bound the time of the orders. `bill` is the bill that takes the sheet. A void sheet holds nothing: it keeps a writer
    that was taken for dead from adding its sheet late.
    """

    void: bool = False
    platform: str | None = None
    month: str | None = None
    bill: str | None = None
    charges: int = 0
    orders: int = 0
    premium: Premium = Decimal(0)
    refs: list[str] = []
    ids: list[list[str]] = []
    corrections: list[str] = []
    first: dt.datetime | None = None
    last: dt.datetime | None = None

    class Settings:
        name = "sheets"
        indexes = [IndexModel([("platform", ASCENDING), ("month", ASCENDING), ("bill", ASCENDING)])]


class EntryRow(TypedDict):
    """An entry as it is stored and read in bulk; see `Entry`. What corrects nothing has neither `corrects` nor `rate`."""

    _id: str
    sheet: NotRequired[str]
    platform: str
    worker_ref: str
    month: str
    industry: str
    district: str
    orders: int
    premium: Decimal128
    law: str
    reason: Reason | Cause | None
    taken_at: dt.datetime | None
    finished_at: dt.datetime
    corrects: NotRequired[str]
    rate: NotRequired[Decimal128]


class SheetRow(TypedDict):
    """A sheet as it is stored and read in bulk; see `Sheet`. A void one has none of these but its id."""

    _id: str
    platform: str
    month: str
    bill: str | None
    charges: int
    orders: int
    premium: Decimal128
    refs: list[str]
    ids: list[list[str]]
    corrections: list[str]
    first: dt.datetime
    last: dt.datetime

"""Bills as callers see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from pydantic import BaseModel, Field

from services.insurance.billing.documents import Bill, Part
from services.insurance.billing.rules import State
from services.insurance.ledger import queries as ledger
from services.insurance.ledger.documents import EntryRow
from shared.policy.calendar import SHANGHAI
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.web.tables import Cell


class BillView(BaseModel):
    """A platform's premium for a month, in yuan. `orders` are the charged ones, `late_orders` those of earlier months among
    them. `paid`, `set_off` (credits of earlier bills) and `outstanding` add up to the premium, where that is more than nothing;
    `overpaid` came beyond it; `credit` is what is left of that, or of a premium below nothing, for the next bill.
    `status`: issued, part_paid, paid, overdue (not paid by `due_on`), credited (nothing is owed).
    """

    bill_id: str = Field(description="<credit code>|<YYYY-MM>")
    platform: str
    month: str
    orders: int
    late_orders: int
    premium: Yuan
    due_on: dt.date | None
    status: State
    paid: Yuan
    outstanding: Yuan
    overpaid: Yuan
    set_off: Yuan
    credit: Yuan


class BillPaymentView(BaseModel):
    """Money that has come for a bill, in yuan; `payment_id` is its number at whoever took it."""

    payment_id: str
    amount: Yuan
    paid_on: dt.date


class BillDetail(BillView):
    """A bill in full: what was charged, and what corrects charges of this or earlier bills; their sum, rounded half up to
    the fen, is the premium. `late_fee` is what has grown by the end of `late_fee_on`, in yuan; `reminders` counts those sent after
    the due day; `used` are the parameters that its dates and the late fee rest on.
    """

    charged: Part
    corrected: Part
    late_fee: Yuan
    late_fee_on: dt.date
    reminders: int
    payments: list[BillPaymentView]
    used: list[Used]


class RecomputedView(BaseModel):
    """Something that is kept otherwise than it is calculated: `of` a bill, a sheet or an entry of the ledger, by its id."""

    of: str
    what: str
    kept: str
    calculated: str
    reckoned: str = Field(deprecated=True, description="the same as `calculated`")


class Recomputation(BaseModel):
    """A bill calculated again from the entries of the ledger and the rules alone. `difference_count` is 0 where the bill is
    right; of more differences than 1,000 only the first are listed.
    """

    bill_id: str
    orders: int
    late_orders: int
    premium: Yuan
    charged: Part
    corrected: Part
    difference_count: int
    differences: list[RecomputedView]


class PaymentToEnter(BaseModel):
    """A payment of a bill by its number, in yuan."""

    payment_id: Annotated[str, Field(min_length=1, max_length=64, description="the payment's number; it counts once")]
    amount: Annotated[Yuan, Field(gt=0, description="yuan, at most what is outstanding")]
    paid_on: dt.date = Field(description="the day on which the money came, not after today")


COLUMNS = (
    "order_id", "worker_ref", "finished_at", "month", "district", "industry",
    "orders", "rate", "premium", "law", "reason", "correction_of",
)  # fmt: skip


async def rows(bill: Bill) -> AsyncIterator[Sequence[Cell]]:
    """A bill's entries as rows of a table under `COLUMNS`."""
    async for sheet in ledger.sheets_of_bill(bill.id, bill.platform, bill.month):
        for part in ledger.parts(ledger.listed_on(sheet)):
            found = {entry["_id"]: entry for entry in await ledger.by_ids(part)}
            for entry_id in part:
                if entry_id in found:
                    yield _cells(found[entry_id])


def _cells(entry: EntryRow) -> Sequence[Cell]:
    charge = entry.get("corrects") or entry["_id"]
    premium = ledger.amount(entry)
    rate = entry["rate"].to_decimal() if entry.get("corrects") else premium
    order_id = charge.partition("|")[2]
    return (
        order_id,
        entry["worker_ref"],
        entry["finished_at"].astimezone(SHANGHAI).isoformat(timespec="seconds"),
        entry["month"],
        entry["district"],
        entry["industry"],
        entry["orders"],
        rate,
        premium,
        entry["law"],
        entry["reason"],
        order_id if entry.get("corrects") else None,
    )

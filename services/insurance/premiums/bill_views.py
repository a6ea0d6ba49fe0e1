"""Bills as callers see them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, Field

from services.insurance.premiums.arrears import State
from services.insurance.premiums.documents import Part
from shared.policy.parameters import Used
from shared.storage.fields import Yuan


class BillView(BaseModel):
    """A platform's premium for a month, in yuan. `orders` are the charged ones, `late_orders` those of earlier months among
    them. `paid` and `outstanding` add up to the premium, where that is more than nothing; `overpaid` came beyond it.
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
    """Something that is kept otherwise than it is reckoned: `of` a bill, a sheet or an entry of the ledger, by its id."""

    of: str
    what: str
    kept: str
    reckoned: str


class Recomputation(BaseModel):
    """A bill reckoned again from the entries of the ledger and the rules alone. `difference_count` is 0 where the bill is
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

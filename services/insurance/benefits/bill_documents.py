"""Bills that were claimed, by what the institution has numbered them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from services.insurance.benefits.fact_rules import Invoice
from shared.storage.fields import Yuan
from shared.storage.records import Record


class ClaimedBill(Record):
    """A bill that a benefit was granted for; its id is `<key of institution and number>:<n>`, so that of two grants at a time one
    stands. `n` is beyond 1 where a person has told it apart from another bill of that number."""

    benefit_id: str
    issued_on: dt.date
    amount: Yuan

    class Settings:
        name = "claimed_bills"

    def named_as(self, bill: Invoice) -> Invoice:
        """The bill, which has the institution and number of this one."""
        return replace(bill, amount=self.amount, issued_on=self.issued_on)

"""Bills that were claimed, by what the institution has numbered them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from services.insurance.benefits.fact_rules import Invoice
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record

INSTITUTION: Final = "claimed_bill.institution"
NUMBER: Final = "claimed_bill.number"


class ClaimedBill(Record):
    """A bill that a benefit was granted for; its id is `<key of institution and number>:<n>`, so that of two grants at a time one
    stands. `n` is beyond 1 where a person has told it apart from another bill of that number. `institution` and `number` are
    encrypted."""

    benefit_id: str
    institution: Annotated[str, EncryptedAt(INSTITUTION)]
    number: Annotated[str, EncryptedAt(NUMBER)]
    issued_on: dt.date
    amount: Yuan

    class Settings:
        name = "claimed_bills"

    @classmethod
    def taken(cls, bill_id: str, bill: Invoice, benefit_id: str, known: ClaimedBill | None) -> ClaimedBill:
        """A bill as a benefit claims it, in place of one whose benefit came to nothing."""
        assert bill.issued_on is not None
        values = {
            "benefit_id": benefit_id,
            "institution": encrypt_field(INSTITUTION, bill_id, bill.institution or ""),
            "number": encrypt_field(NUMBER, bill_id, bill.number or ""),
            "issued_on": bill.issued_on,
            "amount": bill.amount,
        }
        return cls(id=bill_id, **values) if known is None else known.changed(values)

    @property
    def bill(self) -> Invoice:
        return Invoice(
            self.amount,
            institution=decrypt_field(INSTITUTION, self.id, self.institution),
            number=decrypt_field(NUMBER, self.id, self.number),
            issued_on=self.issued_on,
        )

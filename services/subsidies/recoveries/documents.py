"""What is claimed back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel
from pymongo import ASCENDING, DESCENDING, IndexModel

from services.subsidies.payments.rules import Role
from services.subsidies.recoveries.rules import Instalment, Reason, State
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record

NOTE = "recovery.note"


class Part(BaseModel):
    """An instalment, in yuan."""

    due_on: dt.date
    amount: Yuan


class Receipt(BaseModel):
    """Money that came back, in yuan. `reference`: by what the bank names the transfer."""

    reference: str
    amount: Yuan
    on: dt.date
    by: str


class Recovery(Record):
    """What is claimed back of a payment; its id is `<payment id>:r<n>`. `amount` and `received` are yuan. The note, which says why
    in words, is encrypted."""

    payment_id: str
    district: str
    role: Role
    applicant: str
    amount: Yuan
    received: Yuan = Decimal("0.00")
    reason: Reason
    note: Annotated[str, EncryptedAt(NOTE)]
    state: State = "open"
    parts: list[Part]
    receipts: list[Receipt] = []  # noqa: RUF012 - pydantic copies it
    opened_by: str
    ended_by: str | None = None
    used: list[Used] = []  # noqa: RUF012 - pydantic copies it

    class Settings:
        name = "subsidy_recoveries"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("applicant", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", DESCENDING)]),
        ]

    @property
    def left(self) -> Decimal:
        """What is still owed, in yuan."""
        return self.amount - self.received

    @property
    def instalments(self) -> list[Instalment]:
        return [Instalment(one.due_on, one.amount) for one in self.parts]

    @property
    def clear_note(self) -> str:
        return decrypt_field(NOTE, self.id, self.note)


def encrypted_note(recovery_id: str, note: str) -> str:
    return encrypt_field(NOTE, recovery_id, note)

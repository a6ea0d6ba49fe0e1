"""What is claimed back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.subsidies.payments.rules import Role
from services.subsidies.recoveries.rules import Instalment, Reason, State, plain
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record
from shared.storage.taken import Taken

NOTE = "recovery.note"
STATEMENT = "recovery.statement"


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
    in words, and what who was paid says to it are encrypted. Until the end of `heard_by` they may say it before anybody decides;
    `asked`: in how many instalments it is to come back. There are `parts` when it is decided."""

    payment_id: str
    department: str
    district: str
    role: Role
    applicant: str
    amount: Yuan
    received: Yuan = Decimal("0.00")
    reason: Reason
    note: Annotated[str, EncryptedAt(NOTE)]
    state: State = "proposed"
    heard_by: dt.date
    statement: Annotated[str | None, EncryptedAt(STATEMENT)] = None
    asked: int
    parts: list[Part] = []
    receipts: list[Receipt] = []
    opened_by: str
    decided_by: str | None = None
    ended_by: str | None = None
    used: list[Used] = []

    class Settings:
        name = "subsidy_recoveries"
        indexes = [
            IndexModel([("applicant", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("receipts.reference", ASCENDING)]),
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

    @property
    def clear_statement(self) -> str | None:
        return None if self.statement is None else decrypt_field(STATEMENT, self.id, self.statement)


class CountedTransfer(Taken):
    """A transfer that brought money back; its id is `<department>:<reference>`, as `rules.plain` has it, `holder` the recovery that it
    counts for: money that came once is the budget's once."""

    class Settings:
        name = "counted_transfers"

    @staticmethod
    def key(department: str, reference: str) -> str:
        return f"{department}:{plain(reference)}"


def encrypted_note(recovery_id: str, note: str) -> str:
    return encrypt_field(NOTE, recovery_id, note)


def encrypted_statement(recovery_id: str, statement: str) -> str:
    return encrypt_field(STATEMENT, recovery_id, statement)

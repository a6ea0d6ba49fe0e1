"""Batches and their lines."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.subsidies.batches.rules import Approval, BankLine, LineState, State
from services.subsidies.budgets.rules import Source
from shared.policy.parameters import Used
from shared.storage.client import Row
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Keyed, Record

NAME, ACCOUNT = "batch_line.name", "batch_line.account"
NOTHING = Decimal("0.00")


class Given(BaseModel):
    """An approval that was given."""

    by: str
    as_: Approval
    at: dt.datetime


class Batch(Record):
    """An envelope: payments of one kind and source, of a district or of the whole city, that go to the bank on one day. Its id is
    `<day>-<sequence>`.

    `declared` (lines) and `total` (yuan) are what it declares; `csv_sha256` and `xlsx_sha256` are those of its file in either
    form. `cursor`: how far its payments are put into it, or out of it. `paid`, `failed` and `returned` count its lines that ended
    so, with their yuan; the others are open. `enterprises`: the credit codes of those that it pays.
    """

    kind: str
    source: Source
    department: str
    district: str
    day: dt.date
    layout: str
    purpose: str
    state: State = "collecting"
    made_by: str
    needed: list[Approval] = []
    approvals: list[Given] = []
    declared: int = 0
    total: Yuan = NOTHING
    cursor: str = ""
    enterprises: list[str] = []
    csv_sha256: str | None = None
    xlsx_sha256: str | None = None
    exports: int = 0
    paid: int = 0
    paid_total: Yuan = NOTHING
    failed: int = 0
    failed_total: Yuan = NOTHING
    returned: int = 0
    returned_total: Yuan = NOTHING
    used: list[Used] = []

    class Settings:
        name = "payment_batches"
        indexes = [
            IndexModel([("department", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def open(self) -> int:
        return self.declared - self.paid - self.failed - self.returned

    @property
    def open_total(self) -> Decimal:
        return self.total - self.paid_total - self.failed_total - self.returned_total


class BatchLine(Keyed):
    """A payment as it stands in a batch; its id is what the bank names it by. It keeps the account that the file names, whatever
    the payment's becomes later. Name and account are encrypted."""

    batch: str
    position: int
    payment_id: str
    amount: Yuan
    name: Annotated[str, EncryptedAt(NAME)]
    account: Annotated[str, EncryptedAt(ACCOUNT)]
    bank: str | None
    bank_code: str | None
    state: LineState = "open"

    class Settings:
        name = "batch_lines"
        indexes = [
            IndexModel([("batch", ASCENDING), ("position", ASCENDING)]),
            IndexModel([("payment_id", ASCENDING)]),
        ]


class BatchDay(Keyed):
    """How many batches a day has; its id is the day."""

    batches: int

    class Settings:
        name = "batch_days"


def line_row(batch: Batch, position: int, reference: str, payment: Row, name: str, account: str) -> Row:
    """A line as it is stored, of a payment's stored row and what it says in clear."""
    return {
        "_id": reference,
        "batch": batch.id,
        "position": position,
        "payment_id": payment["_id"],
        "amount": payment["amount"],
        "name": encrypt_field(NAME, reference, name),
        "account": encrypt_field(ACCOUNT, reference, account),
        "bank": payment["bank"],
        "bank_code": payment["bank_code"],
        "state": "open",
    }


def opened(row: Row) -> BankLine:
    """What a stored line says in clear."""
    return BankLine(
        position=row["position"],
        reference=row["_id"],
        account=decrypt_field(ACCOUNT, row["_id"], row["account"]),
        name=decrypt_field(NAME, row["_id"], row["name"]),
        amount=row["amount"].to_decimal(),
        bank=row["bank"],
        bank_code=row["bank_code"],
    )

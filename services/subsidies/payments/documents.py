"""What is owed and paid."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.subsidies.budgets.rules import Source
from services.subsidies.payments.rules import Move, Payee, Role, State
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record

NAME, ACCOUNT, REASON = "payment.name", "payment.account", "payment.reason"
"""The places that personal data is encrypted for."""


class Step(BaseModel):
    """Something that was done to a payment. `batch`: by which batch's result."""

    at: dt.datetime
    move: Move
    by: str
    batch: str | None = None


class Payment(Record):
    """What is owed for one application, or a part of one: the id says which, and is that of its reservation in the budget.

    `applicant` is a worker's id, a credit code or the subject that acted for a union or community, as `role` says. `due_on`: the
    legal day from which it is paid. `batch`: the batch that it is in, or was in last. `attempt` counts batches. `claimed`: yuan
    that are claimed back or came back, `recoveries` how often that was begun. `doubted`: the batch of which the
    bank has said both that it was paid and that it was not, until an officer has found out. Name, account and
    the bank's reason are encrypted.
    """

    application_id: str
    number: str
    kind: str
    source: Source
    year: int
    department: str
    district: str
    role: Role
    applicant: str
    name: Annotated[str, EncryptedAt(NAME)]
    account: Annotated[str, EncryptedAt(ACCOUNT)]
    bank: str | None
    bank_code: str | None
    amount: Yuan
    due_on: dt.date
    state: State = "due"
    batch: str | None = None
    attempt: int = 0
    paid_on: dt.date | None = None
    reason: Annotated[str | None, EncryptedAt(REASON)] = None
    claimed: Yuan = Decimal("0.00")
    recoveries: int = 0
    doubted: str | None = None
    steps: list[Step] = []

    class Settings:
        name = "payments"
        indexes = [
            IndexModel([("applicant", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("application_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel(
                [("doubted", ASCENDING), ("batch", ASCENDING)], partialFilterExpression={"doubted": {"$gt": ""}}
            ),
            IndexModel(
                [
                    ("state", ASCENDING),
                    ("kind", ASCENDING),
                    ("source", ASCENDING),
                    ("_id", ASCENDING),
                ]
            ),
        ]

    @property
    def payee(self) -> Payee:
        """Whose account it goes to, in clear."""
        return Payee(
            name=decrypt_field(NAME, self.id, self.name),
            account=decrypt_field(ACCOUNT, self.id, self.account),
            bank=self.bank,
            bank_code=self.bank_code,
        )

    @property
    def clear_reason(self) -> str | None:
        return None if self.reason is None else decrypt_field(REASON, self.id, self.reason)


def sealed(payment_id: str, payee: Payee) -> dict[str, str | None]:
    """The fields of a payment that say whose account it goes to."""
    return {
        "name": encrypt_field(NAME, payment_id, payee.name.strip()),
        "account": encrypt_field(ACCOUNT, payment_id, payee.account),
        "bank": payee.bank,
        "bank_code": payee.bank_code,
    }


def encrypted_reason(payment_id: str, reason: str | None) -> str | None:
    return None if reason is None else encrypt_field(REASON, payment_id, reason)

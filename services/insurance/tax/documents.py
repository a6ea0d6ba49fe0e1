"""What the tax office is told that a payer owes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final, Literal

from pymongo import ASCENDING, IndexModel

from services.insurance.tax.rules import State
from shared.contracts.base import money
from shared.contracts.insurance import TaxStatementFields
from shared.policy.parameters import Used
from shared.storage.client import Row
from shared.storage.encryption import EncryptedAt
from shared.storage.fields import Yuan
from shared.storage.records import Record

REASON: Final = "tax.reason"
"""The place that the tax office's reasons are encrypted for."""


class TaxStatement(Record):
    """What a payer owes for a month, of one kind; its id is `premium|<bill id>` or `contributions|<unit>|<month>`.

    `amounts` are yuan by what they are for, `amount` what is to be collected, without what credits pay. It goes out under a `number`
    of its own each time that it changes; `sent` counts them. `paid` is what had come here and `paid_there` what the
    tax office had at the last comparison. `reason`, why it was refused, is encrypted; `refused_on` that day, and `settle_by` until
    when the bureau is to have put it right with the payer: `overdue`, that is over. `used`: the parameters of that term.
    """

    kind: Literal["premium", "contributions"]
    payer: str
    month: str
    due_on: dt.date
    amounts: dict[str, Yuan]
    amount: Yuan
    state: State = "waiting"
    sent: int = 1
    receipt_number: str | None = None
    reason: Annotated[str | None, EncryptedAt(REASON)] = None
    paid: Yuan = Decimal(0)
    paid_there: Yuan | None = None
    compared_at: dt.datetime | None = None
    refused_on: dt.date | None = None
    settle_by: dt.date | None = None
    overdue: bool = False
    used: list[Used] = []

    class Settings:
        name = "tax_statements"
        indexes = [
            IndexModel([("payer", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def number(self) -> str:
        return f"{self.id}:{self.sent}"

    @property
    def fields(self) -> TaxStatementFields:
        """The statement as every event tells it."""
        return {
            "statement_id": self.id,
            "number": self.number,
            "platform": self.payer,
            "statement": self.kind,
            "month": self.month,
            "due_on": self.due_on,
            "amount": money(self.amount),
            "settle_by": self.settle_by,
        }

    @property
    def told(self) -> Row:
        """The statement as it is told."""
        return {
            "replaces": [f"{self.id}:{one}" for one in range(1, self.sent)],
            "kind": self.kind,
            "payer": self.payer,
            "month": self.month,
            "amounts": {what: money(amount) for what, amount in self.amounts.items()},
            "amount": money(self.amount),
            "due_on": self.due_on,
        }


class TaxComparison(Record):
    """The last comparison with the tax office: one document, made at the service's first start with a tax office."""

    finished_at: dt.datetime | None = None
    compared: int = 0
    differences: int = 0

    class Settings:
        name = "tax_comparisons"

"""What a union would file, as it is stored until the worker has answered."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.complaints.cases.rules import Dispute, Kind
from shared.contracts.complaints import Category
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

TEXT: Final = "union_filing.text"


class UnionFiling(Record):
    """A complaint or report that waits for the word of the worker whom it is for, until the end of `confirm_by`. `union`: the
    subject of whoever would file it. It goes with the answer, whichever it is."""

    union: str
    worker_id: str
    confirm_by: dt.date
    platform: str | None
    category: Category | None
    text: Annotated[str, EncryptedAt(TEXT)]
    district: str | None
    occurred_on: dt.date
    continuing: bool
    kind: Kind
    confidential: bool
    dispute: Dispute | None
    used: list[Used]

    class Settings:
        name = "union_filings"
        indexes = [
            IndexModel([("worker_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("union", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_text(self) -> str:
        return decrypt_field(TEXT, self.id, self.text)


def encrypted_text(filing_id: str, text: str) -> str:
    return encrypt_field(TEXT, filing_id, text)

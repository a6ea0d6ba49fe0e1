"""What is claimed back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.insurance.debts.documents import REASON, Debt
from services.insurance.recoveries.rules import State
from shared.contracts.insurance import Debtor
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record


class Statement(BaseModel):
    """What the payee said to a proposal; `text` is encrypted. `by`: who recorded it."""

    at: dt.datetime
    by: str
    text: Annotated[str, EncryptedAt(REASON)]


class Decision(BaseModel):
    """What an officer decided of a proposal, and why; `text` is encrypted."""

    on: dt.date
    by: str
    text: Annotated[str, EncryptedAt(REASON)]


class Recovery(Record):
    """What was paid wrongly, or in another's place, and is claimed back; its id is `<benefit id>:r<n>`.

    While `proposed`, nothing is owed yet: `debt` is what would be. `answer_by`: until when the payee may speak to it; null where the
    debtor is another, or was heard before.
    """

    benefit_id: str
    debtor: Debtor
    district: str
    reason: str
    by: str
    debt: Debt
    state: State = "ordered"
    answer_by: dt.date | None = None
    statements: list[Statement] = []
    decision: Decision | None = None
    used: list[Used] = []

    class Settings:
        name = "recoveries"
        indexes = [
            IndexModel([("benefit_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    def kept(self, text: str) -> str:
        """A text as it is stored."""
        return encrypt_field(REASON, self.id, text)

    def clear(self, text: str) -> str:
        return decrypt_field(REASON, self.id, text)

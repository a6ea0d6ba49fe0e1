"""What is owed back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BaseModel

from services.insurance.debts.rules import DebtState
from shared.storage.encryption import EncryptedAt, decrypt_field
from shared.storage.fields import Yuan

REASON: Final = "benefit.reason"
"""The places that payees and the texts on a benefit, an advance or a recovery are encrypted for."""


class Corrected(BaseModel):
    """That money was recorded wrongly: why (encrypted), who found it and when. `moved_to`: the advance on which it counts instead."""

    reason: Annotated[str, EncryptedAt(REASON)]
    by: str
    at: dt.datetime
    moved_to: str | None = None


class Instalment(BaseModel):
    """Money that came back, in yuan. `by`: who recorded it; `corrected`: wrongly, so that it does not count."""

    on: dt.date
    amount: Yuan
    by: str
    corrected: Corrected | None = None


class Debt(BaseModel):
    """What is owed back, in yuan, and what has come. `closed_for` is encrypted, for the advance or recovery that it is of."""

    owed: Yuan
    state: DebtState = "open"
    instalments: list[Instalment] = []
    closed_on: dt.date | None = None
    closed_for: Annotated[str | None, EncryptedAt(REASON)] = None

    def clear_closed_for(self, record_id: str) -> str | None:
        return None if self.closed_for is None else decrypt_field(REASON, record_id, self.closed_for)

    @property
    def repaid(self) -> Decimal:
        return sum((one.amount for one in self.instalments if one.corrected is None), Decimal(0))

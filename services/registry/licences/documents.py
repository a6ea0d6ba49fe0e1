"""What is stored of licences."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.registry.licences.rules import Held, State
from shared.contracts.platform import Industry
from shared.contracts.registry import LicenceKind
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record, find
from shared.storage.transaction import Transaction

REVOCATION: Final = "licence.revocation"
"""The place that the reason of a revocation is encrypted for."""


class Licence(Record):
    """A licence of an enterprise, valid on both its days; `valid_to` of a revoked one is its last valid day.

    It lies before `valid_from` where the licence was revoked from its first day on. `recorded_by` is an officer;
    `revocation`, why it was revoked, is encrypted.
    """

    uscc: str
    kind: LicenceKind
    number: str
    industries: list[Industry]
    valid_from: dt.date
    valid_to: dt.date | None
    state: State
    recorded_by: str
    revocation: Annotated[str | None, EncryptedAt(REVOCATION)] = None

    @property
    def held(self) -> Held:
        return Held(self.kind, tuple(self.industries), self.valid_from, self.valid_to)

    @classmethod
    async def of_enterprise(cls, uscc: str, tx: Transaction | None = None) -> list[Licence]:
        """Every licence of an enterprise, the first recorded first."""
        return await find(cls, {"uscc": uscc}, tx, sort="_id")

    class Settings:
        name = "licences"
        indexes = [IndexModel([("uscc", ASCENDING), ("_id", ASCENDING)])]  # noqa: RUF012

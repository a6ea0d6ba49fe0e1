"""Where our records and the province's say different things."""

from __future__ import annotations

import uuid
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.insurance.differences.rules import DifferenceState, Kind
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record
from shared.storage.transaction import Transaction

NOTE: Final = "difference.note"


REASON: Final = "difference.reason"
"""The places that id numbers and reasons of the province and officers' notes are encrypted for; numbers are hashed for theirs."""


class Difference(Record):
    """Where our records and the province's say different things, or where what it says fits nothing here.

    `number`: of the request, the contribution or the payment; `enrolment`: that of a request of ours. `ours` and `theirs`:
    what either side says, without personal data. `run`: the latest comparison that found it. `notice`: what came, where it
    is to be taken later. `note` and `reason` are encrypted.
    """

    number: str
    kind: Kind
    state: DifferenceState
    enrolment: str | None
    district: str | None
    ours: dict[str, str | None] | None
    theirs: dict[str, str | None] | None
    reason: Annotated[str | None, EncryptedAt(REASON)] = None
    run: str | None = None
    notice: dict[str, str] | None = None
    resolved_by: str | None = None
    note: Annotated[str | None, EncryptedAt(NOTE)] = None

    class Settings:
        name = "differences"
        indexes = [
            IndexModel([("state", ASCENDING), ("created_at", ASCENDING), ("_id", ASCENDING)]),
        ]

    @staticmethod
    def id_of(number: str, kind: Kind) -> str:
        """The id of a difference: what is said differently of a number in one way is there once."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}|{number}"))

    @classmethod
    async def about(cls, number: str, kind: Kind, tx: Transaction) -> Difference | None:
        return await cls.of(cls.id_of(number, kind), tx)

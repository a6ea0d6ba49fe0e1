"""Disclosures as they are stored."""

from __future__ import annotations

from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.complaints.disclosures.rules import State
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

REASON: Final = "disclosure.reason"


class Disclosure(Record):
    """One officer's request to read, once, who reported a case in confidence."""

    case_id: str
    asked_by: str
    reason: Annotated[str, EncryptedAt(REASON)]
    state: State = "asked"
    decided_by: str | None = None

    class Settings:
        name = "disclosures"
        indexes = [IndexModel([("case_id", ASCENDING), ("_id", ASCENDING)])]

    @property
    def clear_reason(self) -> str:
        return decrypt_field(REASON, self.id, self.reason)


def encrypted_reason(record_id: str, reason: str) -> str:
    return encrypt_field(REASON, record_id, reason)

"""What is stored of what other departments say of enterprises."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.registry.department_records.rules import State
from shared.contracts.registry import DepartmentRecordKind
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

TEXT: Final = "department_record.text"
WITHDRAWAL: Final = "department_record.withdrawal"
"""The places that the free texts are encrypted for."""


class DepartmentRecord(Record):
    """One document of a department about an enterprise. `department` is its source, `authority` the organ that issued it.

    `text`, encrypted, is what it says: it may name persons. `withdrawal`, encrypted: why the department took it back.
    """

    uscc: str
    kind: DepartmentRecordKind
    number: str
    authority: str
    decided_on: dt.date
    text: Annotated[str, EncryptedAt(TEXT)]
    department: str
    state: State = "none"
    recorded_by: str
    withdrawal: Annotated[str | None, EncryptedAt(WITHDRAWAL)] = None

    class Settings:
        name = "department_records"
        indexes = [
            IndexModel([("uscc", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_text(self) -> str:
        return decrypt_field(TEXT, self.id, self.text)

    @property
    def clear_withdrawal(self) -> str | None:
        return None if self.withdrawal is None else decrypt_field(WITHDRAWAL, self.id, self.withdrawal)


def encrypted_text(record_id: str, text: str) -> str:
    return encrypt_field(TEXT, record_id, text)


def encrypted_withdrawal(record_id: str, reason: str) -> str:
    return encrypt_field(WITHDRAWAL, record_id, reason)

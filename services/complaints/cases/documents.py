"""Cases as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.complaints.cases.rules import State, Step
from shared.contracts.complaints import Category
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record
from shared.storage.taken import Taken

TEXT, REFUSAL = "case.text", "case.refusal"


class Case(Record):
    """One complaint. `text` and `refusal` are encrypted; `provisional`: a term crosses a year without a calendar yet."""

    number: str
    worker_id: str
    platform: str | None
    category: Category
    category_chosen: bool
    article: str
    departments: list[str]
    lead_department: str
    district: str
    occurred_on: dt.date
    continuing: bool
    text: Annotated[str, EncryptedAt(TEXT)]
    state: State = "opened"
    accept_by: dt.date
    decide_by: dt.date | None = None
    provisional: bool
    missed: list[Step] = []  # noqa: RUF012 - pydantic copies it
    refusal: Annotated[str | None, EncryptedAt(REFUSAL)] = None
    used: list[Used]

    class Settings:
        name = "cases"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("worker_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("departments", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", DESCENDING)]),
        ]

    @property
    def clear_text(self) -> str:
        return decrypt_field(TEXT, self.id, self.text)

    @property
    def clear_refusal(self) -> str | None:
        return None if self.refusal is None else decrypt_field(REFUSAL, self.id, self.refusal)


class CaseNumber(Taken):
    """The number of a case, and the case that has it."""

    class Settings:
        name = "case_numbers"


def encrypted_text(case_id: str, text: str) -> str:
    return encrypt_field(TEXT, case_id, text)


def encrypted_refusal(case_id: str, reason: str) -> str:
    return encrypt_field(REFUSAL, case_id, reason)

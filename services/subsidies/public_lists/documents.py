"""Objections, as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.subsidies.public_lists.rules import State
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

TEXT: Final = "objection.text"


class Objection(Record):
    """What somebody objects to an application on public notice. `by`: `<role>:<subject>` of their token; texts are encrypted."""

    application_id: str
    by: str
    text: Annotated[str, EncryptedAt(TEXT)]
    state: State = "open"
    answer: Annotated[str | None, EncryptedAt(TEXT)] = None
    decided_by: str | None = None
    decided_at: dt.datetime | None = None

    class Settings:
        name = "subsidy_objections"
        indexes = [
            IndexModel([("application_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("by", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_text(self) -> str:
        return decrypt_field(TEXT, self.id, self.text)

    @property
    def clear_answer(self) -> str | None:
        return None if self.answer is None else decrypt_field(TEXT, self.id, self.answer)


def encrypted_text(objection_id: str, text: str) -> str:
    return encrypt_field(TEXT, objection_id, text)

"""Requests that an officer stay away, as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.complaints.recusals.rules import MatterKind, Side, State
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

TEXT: Final = "recusal.text"


class RecusalRequest(Record):
    """What a party asks of a matter (`case:<id>`, `dispute:<id>`, `penalty:<id>`): that an officer stay away. `officer` is their
    subject, null where the one who decides has to say who it is. `answer` are the reasons of the decision."""

    matter: str
    kind: MatterKind
    side: Side
    worker_id: str | None
    enterprise: str | None
    officer: str | None
    reason: Annotated[str, EncryptedAt(TEXT)]
    state: State = "asked"
    decided_by: str | None = None
    decided_on: dt.date | None = None
    answer: Annotated[str | None, EncryptedAt(TEXT)] = None

    class Settings:
        name = "recusal_requests"
        indexes = [
            IndexModel([("matter", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("worker_id", ASCENDING)], partialFilterExpression={"worker_id": {"$gt": ""}}),
        ]

    @property
    def clear_reason(self) -> str:
        return decrypt_field(TEXT, self.id, self.reason)

    @property
    def clear_answer(self) -> str | None:
        return None if self.answer is None else decrypt_field(TEXT, self.id, self.answer)


def encrypted_text(request_id: str, text: str) -> str:
    return encrypt_field(TEXT, request_id, text)

"""Offers of help to work, as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.subsidies.employment_assistance.rules import Kind, State
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

TEXT: Final = "employment_assistance.text"


class Offer(Record):
    """What an officer offers to a recognised person; its id is `<recognition id>:<n>`. The text is encrypted."""

    recognition_id: str
    worker_id: str
    kind: Kind
    text: Annotated[str, EncryptedAt(TEXT)]
    offered_on: dt.date
    offered_by: str
    state: State = "offered"
    answered_on: dt.date | None = None

    class Settings:
        name = "employment_assistance"
        indexes = [
            IndexModel([("recognition_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("worker_id", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_text(self) -> str:
        return decrypt_field(TEXT, self.id, self.text)


def encrypted_text(offer_id: str, text: str) -> str:
    return encrypt_field(TEXT, offer_id, text)

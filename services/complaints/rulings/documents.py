"""Rulings as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.complaints.rulings.rules import Outcome, RulingForum, State
from shared.contracts.complaints import Category
from shared.contracts.platform import Relation
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record

TEXT: Final = "ruling.text"
REASON: Final = "ruling.reason"
WORDS: Final = "ruling.words"


class Ruling(Record):
    """A ruling without names. `text`: what was claimed and found, `reason`: why it was decided so, `words`: those of both, cut; all
    encrypted, since a story may tell who somebody is. Only confirmed ones are found."""

    category: Category
    claims: list[str]
    relation: Relation
    forum: RulingForum
    district: str
    decided_on: dt.date
    outcome: Outcome
    asked: Yuan | None = None
    granted: Yuan | None = None
    text: Annotated[str, EncryptedAt(TEXT)]
    reason: Annotated[str, EncryptedAt(REASON)]
    words: Annotated[str, EncryptedAt(WORDS)]
    state: State = "recorded"
    recorded_by: str
    checked_by: str | None = None

    class Settings:
        name = "rulings"
        indexes = [
            IndexModel([("category", ASCENDING), ("state", ASCENDING), ("decided_on", DESCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_text(self) -> str:
        return decrypt_field(TEXT, self.id, self.text)

    @property
    def clear_reason(self) -> str:
        return decrypt_field(REASON, self.id, self.reason)

    @property
    def clear_words(self) -> list[str]:
        return decrypt_field(WORDS, self.id, self.words).split()


def encrypted(place: str, ruling_id: str, text: str) -> str:
    return encrypt_field(place, ruling_id, text)

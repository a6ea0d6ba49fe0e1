"""Referrals to counselling."""

from __future__ import annotations

from typing import Annotated

from pymongo import ASCENDING, IndexModel

from services.subsidies.counselling.rules import State
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

WORDS, NOTE = "counselling.words", "counselling.note"


class Referral(Record):
    """A person asks for counselling. `words` (what the person says) and `note` (what the union keeps) are encrypted; both go when the
    person takes the referral back. `union`: the subject of the union that is assigned, null while none is."""

    worker_id: str
    district: str
    state: State = "asked"
    union: str | None = None
    words: Annotated[str | None, EncryptedAt(WORDS)] = None
    note: Annotated[str | None, EncryptedAt(NOTE)] = None

    class Settings:
        name = "counselling_referrals"
        indexes = [
            IndexModel([("worker_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("union", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_words(self) -> str | None:
        return None if self.words is None else decrypt_field(WORDS, self.id, self.words)

    @property
    def clear_note(self) -> str | None:
        return None if self.note is None else decrypt_field(NOTE, self.id, self.note)


def encrypted_words(referral_id: str, words: str) -> str:
    return encrypt_field(WORDS, referral_id, words)


def encrypted_note(referral_id: str, note: str) -> str:
    return encrypt_field(NOTE, referral_id, note)

"""What the union found when it looked at a person's hardship."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated

from pymongo import ASCENDING, IndexModel

from services.subsidies.hardship.rules import Circumstance
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

FOUND, NOTE = "hardship_visit.found", "hardship_visit.note"


class HardshipVisit(Record):
    """A look at a person's hardship, for an application. `found` (a JSON object of circumstances and whether each is so) and `note`
    are encrypted: they tell of health and poverty (个人信息保护法 art. 28). `by`: the two who looked."""

    application_id: str
    district: str
    visited_on: dt.date
    by: list[str]
    found: Annotated[str, EncryptedAt(FOUND)]
    note: Annotated[str, EncryptedAt(NOTE)]

    class Settings:
        name = "hardship_visits"
        indexes = [
            IndexModel([("application_id", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_found(self) -> dict[Circumstance, bool]:
        said: dict[Circumstance, bool] = json.loads(decrypt_field(FOUND, self.id, self.found))
        return said

    @property
    def clear_note(self) -> str:
        return decrypt_field(NOTE, self.id, self.note)


def encrypted_found(visit_id: str, found: dict[Circumstance, bool]) -> str:
    return encrypt_field(FOUND, visit_id, json.dumps(found, sort_keys=True))


def encrypted_note(visit_id: str, note: str) -> str:
    return encrypt_field(NOTE, visit_id, note)

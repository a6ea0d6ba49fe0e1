"""Officers as they are stored."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.officers.rules import Duty, Person
from shared.contracts.complaints import Category
from shared.identity.regions import CITY
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

NAME: Final = "officer.name"
REASON: Final = "officer.interest"


class Interest(BaseModel):
    """An enterprise that an officer stays away from, and why."""

    enterprise: str
    reason: Annotated[str, EncryptedAt(REASON)]


class Officer(Record):
    """An officer; the id is the subject of their token. `certificate` is the number of the inspector's card, `circles` the
    sensitive categories that they are trusted with, `load` how many matters are in their hands."""

    name: Annotated[str, EncryptedAt(NAME)]
    department: str
    district: str
    certificate: str | None = None
    duties: list[Duty]
    circles: list[Category] = []  # noqa: RUF012 - pydantic copies it
    interests: list[Interest] = []  # noqa: RUF012 - pydantic copies it
    active: bool = True
    load: int = 0

    class Settings:
        name = "officers"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_name(self) -> str:
        return decrypt_field(NAME, self.id, self.name)

    @property
    def person(self) -> Person:
        return Person(
            subject=self.id,
            department=self.department,
            district=self.district,
            everywhere=self.district == CITY,
            duties=self.duties,
            circles=self.circles,
            interests=[one.enterprise for one in self.interests],
            active=self.active,
            load=self.load,
        )


def encrypted_name(subject: str, name: str) -> str:
    return encrypt_field(NAME, subject, name)


def encrypted_reason(subject: str, reason: str) -> str:
    return encrypt_field(REASON, subject, reason)

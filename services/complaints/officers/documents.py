"""Officers as they are stored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import count
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.officers.rules import Duty, Person
from shared.contracts.complaints import Category
from shared.identity.regions import CITY
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Keyed, Record, find
from shared.storage.transaction import Transaction

NAME: Final = "officer.name"
REASON: Final = "officer.interest"
SLOTS: Final = 16
"""Counts of an officer's matters: one alone would be written by every transaction that gives or takes one of a desk."""
_turns = count()
"""Transactions of one process take the counters in turn, so that those under way at once do not meet."""


class Interest(BaseModel):
    """An enterprise that an officer stays away from, and why."""

    enterprise: str
    reason: Annotated[str, EncryptedAt(REASON)]


class Officer(Record):
    """An officer; the id is the subject of their token. `certificate` is the number of the inspector's card, `circles` the
    sensitive categories that they are trusted with, `load` how many matters were in their hands before `Load` counted them."""

    name: Annotated[str, EncryptedAt(NAME)]
    department: str
    district: str
    certificate: str | None = None
    duties: list[Duty]
    circles: list[Category] = []
    interests: list[Interest] = []
    active: bool = True
    load: int = 0

    class Settings:
        name = "officers"
        indexes = [
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_name(self) -> str:
        return decrypt_field(NAME, self.id, self.name)

    @property
    def person(self) -> Person:
        """The officer with no matters counted; see `loads_of`."""
        return Person(
            subject=self.id,
            department=self.department,
            district=self.district,
            everywhere=self.district == CITY,
            duties=self.duties,
            circles=self.circles,
            interests=[one.enterprise for one in self.interests],
            active=self.active,
            load=0,
        )


class Load(Keyed):
    """How many more matters an officer has in hand than were given back, by one of several counters: a matter may be counted in
    one and given back in another, and only their sum says how many there are."""

    officer: str
    held: int

    class Settings:
        name = "officer_loads"
        indexes = [IndexModel([("officer", ASCENDING)])]

    @classmethod
    def add(cls, subject: str, more: int, tx: Transaction) -> None:
        """Count a matter in an officer's hands (1), or out of them (-1)."""
        slot = next(_turns) % SLOTS
        tx.update(cls, f"{subject}:{slot}", {"$inc": {"held": more}, "$set": {"officer": subject}}, upsert=True)


async def with_loads(officers: Collection[Officer], tx: Transaction | None = None) -> list[Person]:
    """Officers with how many matters they have in hand."""
    counts = dict.fromkeys((one.id for one in officers), 0)
    for row in await find(Load, {"officer": {"$in": sorted(counts)}}, tx):
        counts[row.officer] += row.held
    return [replace(one.person, load=max(0, one.load + counts[one.id])) for one in officers]


def encrypted_name(subject: str, name: str) -> str:
    return encrypt_field(NAME, subject, name)


def encrypted_reason(subject: str, reason: str) -> str:
    return encrypt_field(REASON, subject, reason)

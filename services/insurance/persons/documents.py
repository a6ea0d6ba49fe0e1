"""Workers' sealed identities, the engagements that are theirs, and whose an id number is."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from shared.storage.encryption import EncryptedAt, HashedFrom, decrypt_field
from shared.storage.records import Record
from shared.storage.transaction import Transaction

HOLDER_NUMBER: Final = "holder.id_number"


class Holder(Record):
    """Who bears an id number (encrypted), whose hash is the id; `worker_id` is null while no worker with it is on file."""

    id: Annotated[str, HashedFrom("id_number")]
    id_number: Annotated[str, EncryptedAt(HOLDER_NUMBER)]
    worker_id: str | None

    class Settings:
        name = "id_number_holders"
        indexes = [IndexModel([("worker_id", ASCENDING)])]


class Merged(Record):
    """A worker's id that has become another's (the registry found that two records were one person's)."""

    worker_id: str

    class Settings:
        name = "merged_workers"
        indexes = [IndexModel([("worker_id", ASCENDING)])]


ID_NUMBER: Final = "person.id_number"


NAME: Final = "person.name"


class Person(Record):
    """Own copy of a worker (its id) as the province must be told; both fields are encrypted."""

    id_number: Annotated[str, EncryptedAt(ID_NUMBER)]
    name: Annotated[str, EncryptedAt(NAME)]
    told_at: dt.datetime

    class Settings:
        name = "persons"

    def opened(self) -> tuple[str, str]:
        """Id number and name in clear."""
        return decrypt_field(ID_NUMBER, self.id, self.id_number), decrypt_field(NAME, self.id, self.name)


class EngagedPerson(Record):
    """Every engagement through which a person (its id) was ever let to work.

    Whoever decides on one of them, or learns who the person is, stores this row: two that do so at once cannot pass each
    other by.
    """

    engagements: list[str] = []

    class Settings:
        name = "engaged_persons"

    @classmethod
    async def note(cls, worker_id: str, engagement_id: str | None, tx: Transaction) -> list[str]:
        """Add an engagement (None: nothing) to a person's, and give them all."""
        person = await cls.of(worker_id, tx) or cls(id=worker_id)
        if engagement_id is not None and engagement_id not in person.engagements:
            person.engagements = [*person.engagements, engagement_id]
        await person.put(tx)
        return list(person.engagements)

"""What the registry tells of those who train."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from pymongo import ASCENDING, IndexModel

from services.subsidies.trainees.rules import plain
from shared.storage.encryption import EncryptedAt, HashedFrom, decrypt_field, encrypt_field, lookup_hash, lookup_hashes
from shared.storage.records import Record
from shared.storage.transaction import Transaction

NAME = "trainee.name"
"""The place that a person's name is encrypted for."""


class Trainee(Record):
    """A platform's worker; its id is `<platform>|<worker_ref>`. `worker_id` is null while no event of the registry names them.

    Every training stores its trainee too. So of two transactions at the same time one is run again, and sees what the other
    did: an engagement and a training that waits for it, or the same training twice.
    """

    worker_id: str | None = None
    engagement_id: str | None = None
    district: str | None = None
    version: int = 0
    happened_at: dt.datetime | None = None

    class Settings:
        name = "trainees"
        indexes = [IndexModel([("worker_id", ASCENDING)])]

    @staticmethod
    def key(platform: str, worker_ref: str) -> str:
        return f"{platform}|{worker_ref}"

    @classmethod
    async def named(cls, platform: str, worker_ref: str, tx: Transaction) -> Self:
        """The worker of that reference, known or new."""
        trainee_id = cls.key(platform, worker_ref)
        return await cls.of(trainee_id, tx) or cls(id=trainee_id)


class Person(Record):
    """A person by their worker id, with the name encrypted; null where the registry has not told it, or where it was erased.

    `merged_into`: the record that has taken this one's place.
    """

    name: Annotated[str | None, EncryptedAt(NAME)] = None
    name_hash: Annotated[str | None, HashedFrom("name")] = None
    told_at: dt.datetime | None = None
    merged_into: str | None = None

    class Settings:
        name = "trainee_persons"

    @property
    def clear_name(self) -> str | None:
        return None if self.name is None else decrypt_field(NAME, self.id, self.name)

    def is_called(self, name: str) -> bool:
        """Whether that is the person's name; compared by keyed hashes."""
        return self.name_hash is not None and self.name_hash in lookup_hashes(NAME, plain(name))

    def call(self, name: str | None) -> None:
        """Record the name; None forgets it."""
        kept = None if name is None else plain(name)
        self.name = None if kept is None else encrypt_field(NAME, self.id, kept)
        self.name_hash = None if kept is None else lookup_hash(NAME, kept)

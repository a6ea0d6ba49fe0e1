"""The persons who apply."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record
from shared.storage.transaction import Transaction

BORN_ON = "applicant.born_on"


class Applicant(Record):
    """A person by their worker id; the date of birth is encrypted. `event_id`: the event that told it.

    Whatever decides on a person's applications stores this document too, so that two such transactions at once cannot
    both go by what the other is about to change.
    """

    born_on: Annotated[str | None, EncryptedAt(BORN_ON)] = None
    told_at: dt.datetime | None = None
    event_id: str | None = None

    class Settings:
        name = "applicants"

    @classmethod
    async def named(cls, worker_id: str, tx: Transaction) -> Self:
        """The person of that id, known or new."""
        return await cls.of(worker_id, tx) or cls(id=worker_id)

    @property
    def birthday(self) -> dt.date | None:
        return None if self.born_on is None else dt.date.fromisoformat(decrypt_field(BORN_ON, self.id, self.born_on))


def encrypted_birthday(worker_id: str, born_on: dt.date) -> str:
    return encrypt_field(BORN_ON, worker_id, born_on.isoformat())

"""What is stored of a worker."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.registry.workers.rules import Keeping
from shared.storage.encryption import EncryptedAt, HashedFrom
from shared.storage.records import Record
from shared.storage.transaction import Transaction

ID_NUMBER: Final = "worker.id_number"
NAME: Final = "worker.name"
PHONE: Final = "worker.phone"
"""The places that a worker's personal fields are encrypted for."""

OWN_WORD: Final = "worker"
"""The source of a phone that the worker has named."""

OFFICERS_WORD: Final = "officer"
"""The source of a name or phone that an officer has found; any other source is a platform's credit code."""


class Phone(BaseModel):
    """A phone (encrypted) by the word of one source."""

    source: str
    phone: Annotated[str, EncryptedAt(PHONE)]
    told_at: dt.datetime


class Name(BaseModel):
    """A name (encrypted) by the word of one source."""

    source: str
    name: Annotated[str, EncryptedAt(NAME)]
    told_at: dt.datetime


class Identity(Record):
    """Who has an id number: its keyed hash is the id. One for each index key that is kept, so that keys can be changed.

    `id_number` is encrypted. That nobody else has the number rests on the id.
    """

    id: Annotated[str, HashedFrom("id_number")]
    worker_id: str
    id_number: Annotated[str, EncryptedAt(ID_NUMBER)]

    class Settings:
        name = "identities"
        indexes = [IndexModel([("worker_id", ASCENDING)])]


class Worker(Record):
    """A person, found by the keyed hash of the id number (`Identity`).

    `name` and `phone` are those in force of `names` and `phones`. `merged_into` is the record that has taken this one's
    place: whoever asks for this one gets that; `aliases` are those whose place this one has taken. A record whose number was
    wrong, or that is erased, has no personal field any more.
    """

    id_number: Annotated[str, EncryptedAt(ID_NUMBER)]
    name: Annotated[str, EncryptedAt(NAME)]
    phone: Annotated[str, EncryptedAt(PHONE)]
    names: list[Name] = []
    phones: list[Phone] = []
    merged_into: str | None = None
    aliases: list[str] = []
    keeping: Keeping = "kept"

    class Settings:
        name = "workers"

    @classmethod
    async def standing(cls, worker_id: str, tx: Transaction | None = None) -> Worker | None:
        """The record of a person, or the one that has taken its place; None where there is none, or it is erased."""
        worker = await cls.of(worker_id, tx)
        while worker is not None and worker.merged_into is not None:
            worker = await cls.of(worker.merged_into, tx)
        return None if worker is None or worker.keeping == "erased" else worker

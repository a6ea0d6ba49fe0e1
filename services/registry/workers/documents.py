"""What is stored of a worker, and of who has read it unmasked."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

from beanie import Document
from pydantic import Field
from pymongo import ASCENDING, IndexModel

from shared import clock
from shared.ids import new_id
from shared.storage.records import Record

ID_NUMBER: Final = "worker.id_number"
NAME: Final = "worker.name"
PHONE: Final = "worker.phone"
"""The places that a worker's personal fields are encrypted for."""


class Worker(Record):
    """A person, found by the keyed hash of the id number. `told_at`: when name and phone were declared."""

    id_hash: str
    id_number: str
    name: str
    phone: str
    told_at: dt.datetime

    class Settings:
        name = "workers"
        indexes = [IndexModel([("id_hash", ASCENDING)], unique=True)]  # noqa: RUF012


class AuditEntry(Document):
    """One unmasked read. Entries are only ever added."""

    id: str = Field(default_factory=new_id)  # type: ignore[assignment]
    at: dt.datetime = Field(default_factory=clock.now)
    officer: str
    department: str | None
    district: str | None
    action: Literal["worker.read_unmasked"]
    worker_id: str

    class Settings:
        name = "audit"

"""What is stored of memberships."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel, Field
from pymongo import ASCENDING, IndexModel

from services.registry.memberships.rules import Claimant, Section, State
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

REFUSAL: Final = "membership.refusal"


class Period(BaseModel):
    """Legal days of membership, both included; `until` is None while it lasts."""

    since: dt.date
    until: dt.date | None = None


class Membership(Record):
    """A worker's membership of a union: one document for the two (`<union>:<worker>`), with every period that there was.

    `proposed_since` is the first day of a membership that the union, or an enterprise (`proposed_by`), proposes, until the worker
    has confirmed it. `shared` are the sections of their dossier that the worker lets the union read. `refusal` is encrypted.
    """

    union_id: str
    worker_id: str
    state: State = "none"
    applied_at: dt.datetime | None = None
    refusal: Annotated[str | None, EncryptedAt(REFUSAL)] = None
    proposed_since: dt.date | None = None
    proposed_by: Claimant = "union"
    shared: list[Section] = Field(default_factory=list)
    periods: list[Period] = Field(default_factory=list)

    class Settings:
        name = "memberships"
        indexes = [
            IndexModel([("worker_id", ASCENDING)]),
            IndexModel([("union_id", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def clear_refusal(self) -> str | None:
        return self.refusal and decrypt_field(REFUSAL, self.id, self.refusal)

    def refuse(self, reason: str | None) -> None:
        """Keep why an application was refused; None where none is."""
        self.refusal = reason and encrypt_field(REFUSAL, self.id, reason)

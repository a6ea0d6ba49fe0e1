"""Deferrals of dues, as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.insurance.deferrals.rules import Ground, Outcome, Security, State
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record
from shared.storage.taken import Taken

TEXT: Final = "deferral.text"


class Guarantee(BaseModel):
    """What secures the payment, of what value in yuan; `text`, encrypted, says which thing or who."""

    kind: Security
    value: Yuan
    text: Annotated[str, EncryptedAt(TEXT)]


class Proposal(BaseModel):
    """What an officer proposes, which another confirms: `last`, the last day of a term; `reason` is encrypted."""

    outcome: Outcome
    by: str
    last: dt.date | None
    reason: Annotated[str, EncryptedAt(TEXT)]


class Deferral(Record):
    """That a unit (its credit code) pays months later. `why`, encrypted: what it says of the ground. `first`, `last`: the term, both
    days included; `ended_on`: the last day on which it held; `decided`: by what it was decided last, and `confirmed_by` whom;
    `longest`: the last day that the rule allows, null where none is known and officers set it.
    """

    unit: str
    ground: Ground
    months: list[str]
    why: Annotated[str, EncryptedAt(TEXT)]
    guarantee: Guarantee | None
    asked_by: str
    asked_on: dt.date
    state: State = "asked"
    proposal: Proposal | None = None
    decided: Proposal | None = None
    confirmed_by: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    longest: dt.date | None = None
    ended_on: dt.date | None = None
    used: list[Used] = []

    class Settings:
        name = "deferrals"
        indexes = [
            IndexModel([("unit", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    def clear(self, text: str) -> str:
        return decrypt_field(TEXT, self.id, text)


class DeferredMonth(Taken):
    """That a unit's month (`<unit>|<YYYY-MM>`) is asked to be deferred, or is, with the deferral."""

    class Settings:
        name = "deferred_months"


def encrypted_text(deferral_id: str, text: str) -> str:
    return encrypt_field(TEXT, deferral_id, text)

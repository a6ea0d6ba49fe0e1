"""What is stored of bodies that train or evaluate."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.subsidies.providers.rules import Move, Span, Standing, State
from shared.contracts.subsidies import ProviderKind, SkillLevel
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

PHONE, NOTE = "provider.phone", "provider.note"
"""The places that what a body and an officer write is encrypted for."""

NOBODY: Final = "timer"
"""By whom a step was taken that no person took."""


class Occupation(BaseModel):
    """What a body trains or evaluates: an occupation by its code (职业编码) and name, at some levels."""

    code: str
    name: str
    levels: list[SkillLevel]


class Step(BaseModel):
    """Something that was done to a filing; `note`, encrypted, says why."""

    at: dt.datetime
    move: Move
    by: str
    note: Annotated[str | None, EncryptedAt(NOTE)]


class Provider(Record):
    """A filing; its id is `<credit code>-<kind>`, so that a body has one of each kind. The phone is encrypted.

    `department`: whose officers check it.
    """

    uscc: str
    kind: ProviderKind
    name: str
    district: str
    address: str
    phone: Annotated[str, EncryptedAt(PHONE)]
    occupations: list[Occupation]
    department: str
    state: State = "none"
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    steps: list[Step] = []
    used: list[Used] = []

    class Settings:
        name = "providers"
        indexes = [
            IndexModel([("uscc", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
        ]

    @staticmethod
    def key(uscc: str, kind: ProviderKind) -> str:
        return f"{uscc}-{kind}"

    @property
    def span(self) -> Span | None:
        if self.valid_from is None or self.valid_to is None:
            return None
        return Span(self.valid_from, self.valid_to)

    @property
    def standing(self) -> Standing:
        scope = {(one.code, level) for one in self.occupations for level in one.levels}
        return Standing(self.kind, self.state, self.span, scope)

    @property
    def clear_phone(self) -> str:
        return decrypt_field(PHONE, self.id, self.phone)


def encrypted_phone(filing_id: str, phone: str) -> str:
    return encrypt_field(PHONE, filing_id, phone)


def encrypted_note(filing_id: str, note: str) -> str:
    return encrypt_field(NOTE, filing_id, note)

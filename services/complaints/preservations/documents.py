"""Evidence that is registered and kept where it is, as it is stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.officers.rules import Matter
from services.complaints.preservations.rules import OriginKind, Outcome, State
from shared.contracts.complaints import Category
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

TEXT: Final = "preservation.text"
Text = Annotated[str, EncryptedAt(TEXT)]


class Item(BaseModel):
    """A thing on the list (证据登记清单): what, how many, and in which condition."""

    what: Text
    count: int
    condition: Text


class Inspecting(BaseModel):
    """An officer who registered it, and the card that they showed."""

    officer: str
    certificate: str


class Ending(BaseModel):
    """What was decided, why, by whom."""

    outcome: Outcome
    text: Text
    by: str
    on: dt.date


class Preservation(Record):
    """Things that are kept where they are, by leave of the head, until `decide_by`. What it arose from, and why it was asked for, is
    never shown to the enterprise."""

    number: str
    origin: OriginKind
    origin_id: str
    case_id: str | None
    enterprise: str
    department: str
    district: str
    circle: Category | None
    place: Text
    items: list[Item]
    reason: Text
    officers: list[Inspecting]
    asked_by: str
    asked_on: dt.date
    state: State = "asked"
    approved_by: str | None = None
    answer: Annotated[str | None, EncryptedAt(TEXT)] = None
    kept_on: dt.date | None = None
    decide_by: dt.date | None = None
    ending: Ending | None = None
    lapsed_on: dt.date | None = None
    used: list[Used]

    class Settings:
        name = "preservations"
        indexes = [
            IndexModel([("enterprise", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def concern(self) -> Matter:
        return Matter(
            departments=[self.department], district=self.district, enterprise=self.enterprise, circle=self.circle
        )


def encrypted_text(preservation_id: str, text: str) -> str:
    return encrypt_field(TEXT, preservation_id, text)


def clear(preservation_id: str, text: str) -> str:
    return decrypt_field(TEXT, preservation_id, text)

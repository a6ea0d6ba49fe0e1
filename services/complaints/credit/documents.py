"""Credit listings, as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.credit.person_documents import ListedPerson
from services.complaints.credit.rules import Kind, State
from shared.contracts.complaints import Category
from shared.contracts.registry.restrictions import RestrictedField
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

TEXT: Final = "credit.text"


class Entry(BaseModel):
    """What is published of an enterprise: no worker's data."""

    name: str
    address: str
    representative: Annotated[str, EncryptedAt(TEXT)]
    facts: Annotated[str, EncryptedAt(TEXT)]
    result: Annotated[str, EncryptedAt(TEXT)]


class Listing(Record):
    """A listing, from its proposal on. `reached`: what the machine says of the sums; `speak_until`: the last day to speak.

    `circle`: the sensitive category whose officers alone see it, as with the order that it follows from. `public_from`: from
    when it stands in the public list; `until`: its last day, None for what is published without end. `no_head`: why the decision
    names nobody as the enterprise's head.
    """

    number: str
    kind: Kind
    category: str | None = None
    directive_id: str
    enterprise: str
    department: str
    district: str
    circle: Category | None = None
    entry: Entry
    persons: list[ListedPerson] = []
    reached: bool | None
    assessed: str
    judged: bool
    incident: bool
    grounds: Annotated[str, EncryptedAt(TEXT)]
    state: State = "proposed"
    proposed_by: str
    notified_on: dt.date | None = None
    speak_until: dt.date | None = None
    statement: Annotated[str | None, EncryptedAt(TEXT)] = None
    hearing: Annotated[str | None, EncryptedAt(TEXT)] = None
    decision: Annotated[str | None, EncryptedAt(TEXT)] = None
    no_head: Annotated[str | None, EncryptedAt(TEXT)] = None
    decided_by: str | None = None
    listed_on: dt.date | None = None
    public_from: dt.date | None = None
    until: dt.date | None = None
    put_right_on: dt.date | None = None
    removal: Annotated[str | None, EncryptedAt(TEXT)] = None
    ended_on: dt.date | None = None
    restricts: list[RestrictedField] = []
    used: list[Used]

    @property
    def standing(self) -> list[ListedPerson]:
        """Who is named in it and was not taken out."""
        return [one for one in self.persons if one.removed_on is None]

    class Settings:
        name = "credit_listings"
        indexes = [
            IndexModel([("enterprise", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]


def encrypted_text(listing_id: str, text: str) -> str:
    return encrypt_field(TEXT, listing_id, text)


def clear(listing_id: str, text: str | None) -> str | None:
    return None if text is None else decrypt_field(TEXT, listing_id, text)

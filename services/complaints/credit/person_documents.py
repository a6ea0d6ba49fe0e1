"""The responsible persons of a listing, as they are stored within it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel

from services.complaints.credit.person_rules import Role
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field

PERSON: Final = "credit.person"


class ListedPerson(BaseModel):
    """Who is responsible, as what and in which post; `told_on` they were given the notice, `served` how. `decision_served_on` they
    were served the decision to list them, `decision_served` how: their own time to contest it runs from then; None: not yet, and
    nobody reads of them. One who was `removed_on` a day was named wrongly and stands in the file alone."""

    id: str
    role: Role
    name: Annotated[str, EncryptedAt(PERSON)]
    id_number: Annotated[str, EncryptedAt(PERSON)]
    position: Annotated[str, EncryptedAt(PERSON)]
    named_by: str
    told_on: dt.date | None = None
    served: Annotated[str | None, EncryptedAt(PERSON)] = None
    speak_until: dt.date | None = None
    statement: Annotated[str | None, EncryptedAt(PERSON)] = None
    decision_served_on: dt.date | None = None
    decision_served: Annotated[str | None, EncryptedAt(PERSON)] = None
    review_by: dt.date | None = None
    sue_by: dt.date | None = None
    removed_on: dt.date | None = None
    removed_by: str | None = None
    removal: Annotated[str | None, EncryptedAt(PERSON)] = None


def encrypted_person(listing_id: str, text: str) -> str:
    return encrypt_field(PERSON, listing_id, text)


def clear_person(listing_id: str, text: str) -> str:
    return decrypt_field(PERSON, listing_id, text)

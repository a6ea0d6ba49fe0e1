"""What is stored of an enterprise."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.registry.enterprises import rules
from shared.contracts.platform import DeliveryClass, Industry
from shared.contracts.registry import EnterpriseKind
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record

CONTACT_PHONE: Final = "enterprise.contact_phone"
"""The place that an enterprise's telephone is encrypted for."""


class DeclaredClass(BaseModel):
    """The class that an enterprise declared on a legal day, by its latest declaration of that day."""

    day: dt.date
    delivery_class: DeliveryClass
    declared_at: dt.datetime


class Enterprise(Record):
    """An enterprise by its unified social credit code (the id), as it was declared last: by itself, or by an officer.

    `filed_kinds` are the kinds that an officer filed it as. Whatever concerns its licences, cooperations and restrictions
    stores it, so that a cooperation is never recorded beside the loss of what it rests on.
    """

    name: str
    industries: list[Industry]
    contact_phone: Annotated[str, EncryptedAt(CONTACT_PHONE)]
    classes: list[DeclaredClass]
    declared_at: dt.datetime
    filed_kinds: list[EnterpriseKind] = []

    @property
    def kinds(self) -> tuple[EnterpriseKind, ...]:
        return rules.kinds(self.filed_kinds, pushes=bool(self.classes))

    class Settings:
        name = "enterprises"
        indexes = [IndexModel([("industries", ASCENDING)])]

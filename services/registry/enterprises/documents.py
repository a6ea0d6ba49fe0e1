"""What is stored of an enterprise."""

from __future__ import annotations

import datetime as dt
from typing import Final

from pydantic import BaseModel

from shared.contracts.platform import DeliveryClass, Industry
from shared.storage.records import Record

CONTACT_PHONE: Final = "enterprise.contact_phone"
"""The place that an enterprise's telephone is encrypted for."""


class DeclaredClass(BaseModel):
    """The class that an enterprise declared on a legal day, by its latest declaration of that day."""

    day: dt.date
    delivery_class: DeliveryClass
    declared_at: dt.datetime


class Enterprise(Record):
    """An enterprise by its unified social credit code (the id), as it declared itself last."""

    name: str
    industries: list[Industry]
    contact_phone: str
    classes: list[DeclaredClass]
    declared_at: dt.datetime

    class Settings:
        name = "enterprises"

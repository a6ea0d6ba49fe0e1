"""Whom a sheet names, and its bad cells; both go 90 days after it was sent in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated

from pymongo import ASCENDING, IndexModel

from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

PHONE, VALUES = "sheet.phone", "sheet.values"
"""The places that encrypted values are bound to."""
KEPT_SECONDS = 90 * 24 * 3600
UNKNOWN = "phone:"
"""What the name of somebody begins with who is known by nothing but a phone; its hash follows."""


class SheetRow(Record):
    """One person of a sheet, whose id is `<sheet>:<person>`. `recipient` is a worker's id, or `phone:<hash>` of somebody whose
    `phone` belongs to nobody on file. `values`: what stands in the places of the text, as JSON."""

    recipient: str
    phone: Annotated[str | None, EncryptedAt(PHONE)] = None
    values: Annotated[str | None, EncryptedAt(VALUES)] = None

    class Settings:
        name = "broadcast_sheet_rows"
        indexes = [IndexModel([("created_at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS)]

    def say(self, values: Mapping[str, str]) -> None:
        """Set what stands in the places of the text, given in clear."""
        self.values = encrypt_field(VALUES, self.id, json.dumps(values, ensure_ascii=False))

    @property
    def clear_phone(self) -> str | None:
        return None if self.phone is None else decrypt_field(PHONE, self.id, self.phone)

    @property
    def clear_values(self) -> dict[str, str]:
        return {} if self.values is None else dict(json.loads(decrypt_field(VALUES, self.id, self.values)))


class SheetFault(Record):
    """A bad cell of a sheet; its id is `<sheet>:<number>`."""

    sheet: str
    cell: str
    zh: str
    en: str

    class Settings:
        name = "broadcast_sheet_faults"
        indexes = [
            IndexModel([("created_at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS),
            IndexModel([("sheet", ASCENDING), ("_id", ASCENDING)]),
        ]

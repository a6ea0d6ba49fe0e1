"""Declarations that an employer pushed before the person was on file as its employee."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

NUMBER: Final = "declaration.id_number"
NAME: Final = "declaration.name"


class AwaitedDeclaration(Record):
    """What an employer (`unit`) said of a person by its own `worker_ref`: that they work for it since a legal day. The id is
    `<unit>|<worker_ref>|<day>`; number and name are encrypted. It goes once the person is declared, or after `until`."""

    unit: str
    worker_ref: str
    starts_on: dt.date
    until: dt.date
    id_number: Annotated[str, EncryptedAt(NUMBER)]
    name: Annotated[str, EncryptedAt(NAME)]

    class Settings:
        name = "awaited_declarations"
        indexes = [IndexModel([("unit", ASCENDING), ("starts_on", ASCENDING)])]

    @staticmethod
    def id_of(unit: str, worker_ref: str, starts_on: dt.date) -> str:
        return f"{unit}|{worker_ref}|{starts_on}"

    def seal(self, id_number: str, name: str) -> None:
        self.id_number = encrypt_field(NUMBER, self.id, id_number)
        self.name = encrypt_field(NAME, self.id, name)

    def opened(self) -> tuple[str, str]:
        """Id number and name in clear."""
        return decrypt_field(NUMBER, self.id, self.id_number), decrypt_field(NAME, self.id, self.name)

"""Evidence as it is stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.complaints.evidence.rules import Party
from shared.files import MediaType
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Keyed, Record

NAME: Final = "evidence.name"
ABOUT: Final = "evidence.about"
CONTENT: Final = "evidence.content"


class Evidence(Record):
    """A file of a matter (`case:<id>`), handed in by a party: of several enterprises by this one, which `shown_to` alone shows to the
    others only once an officer has (`to_all`). `sha256` is of its bytes, `about` says what it shows. `removed_on`: the
    file is gone, with its name and what it showed; that there was one stays."""

    matter: str
    party: Party
    enterprise: str | None = None
    name: Annotated[str, EncryptedAt(NAME)]
    about: Annotated[str, EncryptedAt(ABOUT)]
    media_type: MediaType
    size: int
    sha256: str
    pieces: int
    shown_to: list[Party]
    to_all: bool = False
    removed_on: dt.date | None = None

    class Settings:
        name = "evidence"
        indexes = [IndexModel([("matter", ASCENDING), ("_id", ASCENDING)])]

    @property
    def clear_name(self) -> str:
        return decrypt_field(NAME, self.id, self.name)

    @property
    def clear_about(self) -> str:
        return decrypt_field(ABOUT, self.id, self.about)


class EvidencePiece(Keyed):
    """One piece of a file, encrypted. Its id is the file's with the number of the piece."""

    data: Annotated[str, EncryptedAt(CONTENT)]

    class Settings:
        name = "evidence_pieces"


def encrypted_name(evidence_id: str, name: str) -> str:
    return encrypt_field(NAME, evidence_id, name)


def encrypted_about(evidence_id: str, about: str) -> str:
    return encrypt_field(ABOUT, evidence_id, about)

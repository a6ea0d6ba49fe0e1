"""What is stored of nominations for titles."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.subsidies.titles.rules import Move, State
from shared.contracts.subsidies import TitleRank
from shared.files import MediaType
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Keyed, Record
from shared.storage.taken import Taken

TEXT: Final = "title_nomination.text"
"""The place that what people write on a nomination is encrypted for."""
CONTENT: Final = "title_nomination.content"
"""The place that the pieces of files are encrypted for."""

Nominator = Literal["platform", "association"]


class Material(BaseModel):
    """What is said on a paper of a nomination (encrypted), by its kind. `digest`: SHA-256 of a file that an earlier version knew by it
    alone."""

    kind: str
    text: Annotated[str, EncryptedAt(TEXT)]
    digest: str | None = None


class Paper(BaseModel):
    """A file of a nomination: the kind of paper that it is, its name (encrypted), SHA-256, and how many pieces it is kept in.
    `removed_on`: it is gone, with its name; that there was one stays."""

    id: str
    kind: str
    name: Annotated[str, EncryptedAt(TEXT)]
    media_type: MediaType
    size: int
    sha256: str
    pieces: int
    handed_in_at: dt.datetime
    removed_on: dt.date | None = None


class Step(BaseModel):
    """Something that was done to a nomination; `note`, encrypted, says why."""

    at: dt.datetime
    move: Move
    by: str
    note: Annotated[str | None, EncryptedAt(TEXT)]


class Nomination(Record):
    """A worker nominated for a title. `nominator_id`: the platform's credit code, or the subject that acts for the association.

    `missing`: the kinds of material that it lacks, null where nobody has said what belongs to it. `review_body`: whom it was
    forwarded to; `certificate`: the number of the title's certificate.
    """

    number: str
    worker_id: str
    nominator: Nominator
    nominator_id: str
    nominator_name: str
    title: str
    rank: TitleRank
    year: int
    district: str
    materials: list[Material]
    papers: list[Paper] = []
    missing: list[str] | None
    state: State = "none"
    steps: list[Step] = []
    review_body: str | None = None
    decided_on: dt.date | None = None
    certificate: str | None = None
    used: list[Used] = []

    class Settings:
        name = "title_nominations"
        indexes = [
            IndexModel([("worker_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("nominator_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]


class NominationPiece(Keyed):
    """One piece of a file, encrypted. Its id is the file's with the number of the piece."""

    data: Annotated[str, EncryptedAt(CONTENT)]

    class Settings:
        name = "title_nomination_pieces"


class NominatedPerson(Taken):
    """That a person is nominated for a title in a year: `<worker>|<title>|<year>`, so that they are once."""

    class Settings:
        name = "nominated_persons"

    @staticmethod
    def key(worker_id: str, title: str, year: int) -> str:
        return f"{worker_id}|{title}|{year}"


def encrypted_text(nomination_id: str, text: str) -> str:
    return encrypt_field(TEXT, nomination_id, text)


def clear_text(nomination_id: str, text: str) -> str:
    return decrypt_field(TEXT, nomination_id, text)

"""Photos and scanned papers of claims, in pieces."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pymongo import ASCENDING, IndexModel

from services.insurance.claims.step_documents import Role
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Keyed, Record

PHOTO: Final = "claim.photo"
"""The place that a photo's pieces are encrypted for, each with its own id."""


class ClaimPhoto(Record):
    """A photo or scanned paper of a claim, of `size` bytes in `chunks` pieces. `paper`: the code of the paper it shows."""

    claim_id: str
    media_type: Literal["image/jpeg", "image/png"]
    size: int
    chunks: int
    paper: str | None
    role: Role

    class Settings:
        name = "claim_photos"
        indexes = [IndexModel([("claim_id", ASCENDING)])]


class ClaimPhotoChunk(Keyed):
    """One piece of a photo, encrypted. Its id is the photo's with the number of the piece."""

    data: Annotated[str, EncryptedAt(PHOTO)]

    class Settings:
        name = "claim_photo_chunks"

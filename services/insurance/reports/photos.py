"""Photos and scanned papers of a claim, encrypted at rest in pieces that fit a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from services.insurance.claims.documents import Claim
from services.insurance.claims.step_documents import Role
from services.insurance.reports.documents import PHOTO, ClaimPhoto, ClaimPhotoChunk
from shared.errors import RuleBroken
from shared.ids import new_id
from shared.storage.pieces import read_pieces, store_pieces
from shared.storage.transaction import Transaction

MOST, LARGEST = 6, 4 * 1024 * 1024
"""Photos in one request, and bytes of one photo."""
MOST_OF_A_CLAIM = 60
LARGEST_REQUEST = MOST * LARGEST + 256 * 1024
"""Bytes of a request with photos: with what stands between them and the other fields."""

MediaType = Literal["image/jpeg", "image/png"]

MAGIC: dict[bytes, MediaType] = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def media_type_of(content: bytes) -> MediaType | None:
    """What a file is by its first bytes, whatever its name says; None for anything but JPEG and PNG."""
    return next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), None)


def check(contents: Sequence[bytes]) -> None:
    """Raise RuleBroken where these files cannot be taken as photos."""
    if len(contents) > MOST:
        raise RuleBroken("too-many-photos", f"一次最多上传{MOST}张照片", f"at most {MOST} photos at a time")
    for content in contents:
        if len(content) > LARGEST:
            raise RuleBroken("photo-too-large", "单张照片不得超过4MB", "a photo has at most 4 MB")
        if media_type_of(content) is None:
            raise RuleBroken("not-a-photo", "仅支持JPEG或PNG照片", "only JPEG and PNG photos")


async def store(claim: Claim, contents: Sequence[bytes], paper: str | None, role: Role, tx: Transaction) -> list[str]:
    """Store photos of a claim; their ids. The caller stores the claim in the same transaction."""
    check(contents)
    if claim.photos + len(contents) > MOST_OF_A_CLAIM:
        raise RuleBroken("too-many-photos", "该案照片数量已达上限", f"a claim has at most {MOST_OF_A_CLAIM} photos")
    ids: list[str] = []
    for content in contents:
        photo_id = new_id()
        photo = ClaimPhoto(
            id=photo_id,
            claim_id=claim.id,
            media_type=media_type_of(content) or "image/jpeg",
            size=len(content),
            chunks=await store_pieces(PHOTO, ClaimPhotoChunk, photo_id, content, tx),
            paper=paper,
            role=role,
        )
        await photo.put(tx)
        ids.append(photo.id)
    claim.photos += len(contents)
    return ids


async def of_claim(claim: Claim) -> list[ClaimPhoto]:
    """The photos of a claim and of those that were merged into it, the oldest first."""
    found: list[ClaimPhoto] = []
    for claim_id in (claim.id, *claim.merged):
        found += await ClaimPhoto.find({"claim_id": claim_id}).to_list()
    return sorted(found, key=lambda photo: photo.id)


async def content_of(photo: ClaimPhoto) -> bytes:
    """The bytes of a photo."""
    return await read_pieces(PHOTO, ClaimPhotoChunk, photo.id, photo.chunks)

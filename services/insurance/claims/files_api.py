"""Photos of a claim, and claims about one accident, over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile, status
from pydantic import BaseModel, Field

from services.insurance.claims import access, duplicates, photos, procedure
from services.insurance.claims.documents import Claim
from services.insurance.claims.steps_api import answer
from services.insurance.claims.views import ClaimDetail
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Caller
from shared.web.etags import RevisionSeen, require_revision
from shared.web.idempotency import IdempotentRoute
from shared.web.problems import forbidden, not_found

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["claims 职业伤害"], route_class=IdempotentRoute)


class PhotoView(BaseModel):
    """A photo of `size` bytes. `paper`: the code of the paper it shows, null for a photo of the accident."""

    photo_id: str
    claim_id: str
    media_type: str
    size: int
    paper: str | None
    created_at: dt.datetime


class OtherClaim(BaseModel):
    """The other of two claims that seem to be about one accident."""

    claim_id: str = Field(max_length=64)


@router.post("/photos", status_code=status.HTTP_201_CREATED, max_body_size=photos.LARGEST_REQUEST)
async def add_photos(
    claim_id: str,
    caller: access.Party,
    seen: RevisionSeen,
    response: Response,
    files: Annotated[list[UploadFile], File(description="at most 6 JPEG or PNG files of at most 4 MB each")],
    paper: Annotated[
        str | None, Form(max_length=50, description="the paper that they show, which is handed in")
    ] = None,
) -> ClaimDetail:
    """Add photos as `multipart/form-data`, of the accident or of a paper, which counts as handed in with them."""
    by = access.by_of(caller)
    contents = [await file.read() for file in files]

    async def work(tx: Transaction) -> Claim:
        claim = await access.find(claim_id, caller, tx)
        require_revision(seen, claim.revision)
        await photos.keep(claim, contents, paper, by.role, tx)
        procedure.give_papers(claim, [paper] if paper else [], by, tx)
        return await claim.put(tx)

    claim = await access.answering(lambda: transact(work))
    return await answer(claim, caller, response)


@router.get("/photos")
async def list_photos(claim_id: str, caller: access.Reader) -> list[PhotoView]:
    """The photos of a claim, and of those merged into it; not for platforms."""
    claim = await _readable(claim_id, caller)
    return [
        PhotoView(photo_id=photo.id, **photo.model_dump(include=set(PhotoView.model_fields)))
        for photo in await photos.of_claim(claim)
    ]


@router.get("/photos/{photo_id}", responses={200: {"content": {"image/jpeg": {}, "image/png": {}}}})
async def read_photo(claim_id: str, photo_id: str, caller: access.Reader) -> Response:
    """One photo. That an officer or a union looks at it is recorded."""
    claim = await _readable(claim_id, caller)
    photo = next((one for one in await photos.of_claim(claim) if one.id == photo_id), None)
    if photo is None:
        raise not_found("该照片", "the photo")
    await access.write_down(claim, caller, f"photo:{photo.id}")
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(await photos.content_of(photo), media_type=photo.media_type, headers=headers)


async def _readable(claim_id: str, caller: Caller) -> Claim:
    if not access.reads_detail(caller):
        raise forbidden()
    return await access.find(claim_id, caller)


@router.post("/merger")
async def merge(
    claim_id: str, body: OtherClaim, officer: access.Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Let this claim go on as part of the other one, which is about the same accident; its papers and photos go with it."""
    by = access.by_of(officer)

    async def work(tx: Transaction) -> Claim:
        claim, other = await _both(claim_id, body.claim_id, officer, seen, tx)
        duplicates.merge(claim, other, by, tx)
        await other.put(tx)
        return await claim.put(tx)

    return await answer(await access.answering(lambda: transact(work)), officer, response)


@router.post("/separation")
async def keep_apart(
    claim_id: str, body: OtherClaim, officer: access.Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Find that both are about different accidents: they are not linked again."""
    by = access.by_of(officer)

    async def work(tx: Transaction) -> Claim:
        claim, other = await _both(claim_id, body.claim_id, officer, seen, tx)
        duplicates.keep_apart(claim, other, by)
        await other.put(tx)
        return await claim.put(tx)

    return await answer(await access.answering(lambda: transact(work)), officer, response)


async def _both(claim_id: str, other_id: str, officer: Caller, seen: int, tx: Transaction) -> tuple[Claim, Claim]:
    claim = await access.find(claim_id, officer, tx)
    require_revision(seen, claim.revision)
    return claim, await access.find(other_id, officer, tx)

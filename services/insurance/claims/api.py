"""Claims over HTTP: officers by district, platforms and workers their own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.insurance.claims.documents import Claim, ClaimRead
from shared.contracts.insurance import CoverCheck
from shared.contracts.platform import Severity
from shared.identity.masking import mask_text
from shared.identity.regions import CITY
from shared.storage.encryption import decrypt_field
from shared.web.auth import AnyCaller, Caller
from shared.web.etags import set_etag
from shared.web.paging import Page, PageAsked, cursor_of
from shared.web.problems import forbidden, not_found

router = APIRouter(prefix="/v1", tags=["claims 职业伤害"])


class ClaimView(BaseModel):
    """An accident and how its cover stands. `worker_id` is null while the registry has not told who the worker is."""

    claim_id: str
    platform: str
    incident_id: str
    worker_ref: str
    worker_id: str | None
    order_id: str | None
    occurred_at: dt.datetime
    reported_at: dt.datetime
    district: str
    severity: Severity
    cover: CoverCheck
    platform_apply_by: dt.date | None
    self_apply_by: dt.date | None


class ClaimDetail(ClaimView):
    """With what happened, numbers of persons masked; null for whoever need not read it."""

    place: str | None
    description: str | None


@router.get("/claims")
async def list_claims(caller: AnyCaller, page: PageAsked) -> Page[ClaimView]:
    """Claims that the caller may see, the newest first."""
    query = _scope(caller) | ({"_id": {"$lt": str(page.after)}} if page.after else {})
    claims = await Claim.find(query).sort("-_id").limit(page.limit + 1).to_list()
    shown = claims[: page.limit]
    more = len(claims) > page.limit
    return Page(items=[ClaimView(**_view(claim)) for claim in shown], next=cursor_of(shown[-1].id) if more else None)


@router.get("/claims/{claim_id}")
async def read_claim(claim_id: str, caller: AnyCaller, response: Response) -> ClaimDetail:
    """A claim. What happened is shown to the worker and to officers of the district, whose reading is recorded."""
    claim = await Claim.find_one({**_scope(caller), "_id": claim_id})
    if claim is None:
        raise not_found("该职业伤害报案", "the claim")
    set_etag(response, claim.revision)
    if caller.role == "platform":
        return ClaimDetail(**_view(claim), place=None, description=None)
    if caller.role == "officer":
        await ClaimRead(by=caller.subject, claim_id=claim.id).insert()
    return ClaimDetail(
        **_view(claim),
        place=mask_text(decrypt_field("claim.place", claim.place)),
        description=mask_text(decrypt_field("claim.description", claim.description)),
    )


def _scope(caller: Caller) -> dict[str, Any]:
    """What the caller may see, as a query."""
    if caller.role == "worker":
        return {"worker_id": caller.worker_id}
    if caller.role == "platform":
        return {"platform": caller.uscc}
    if caller.role == "officer" and caller.district is not None:
        return {} if caller.district == CITY else {"district": caller.district}
    raise forbidden()


def _view(claim: Claim) -> dict[str, Any]:
    return {**claim.model_dump(include=set(ClaimView.model_fields)), "claim_id": claim.id}

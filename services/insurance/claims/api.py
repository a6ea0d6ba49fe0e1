"""Claims over HTTP: reports, and what became of them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.insurance.claims import access, views
from services.insurance.claims.documents import Claim
from services.insurance.claims.views import ClaimDetail, ClaimStepView, ClaimView
from shared.web.etags import set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["claims 职业伤害"], route_class=IdempotentRoute)


@router.get("/claims")
async def list_claims(
    caller: access.Reader,
    page: PageAsked,
    state: Annotated[str | None, Query(max_length=20, description="only claims in this state")] = None,
) -> Page[ClaimView]:
    """Claims that the caller may see, the newest first."""
    query: dict[str, Any] = access.scope(caller)
    query |= {"state": state} if state else {}
    return await Page.of(Claim, query, views.view, page, sort="-_id")


@router.get("/claims/{claim_id}")
async def read_claim(claim_id: str, caller: access.Reader, response: Response) -> ClaimDetail:
    """A claim. What happened is shown to the worker, to the union that reported it, and to the labour department's
    officers of the district; the reading of these last two is recorded.
    """
    claim = await access.find(claim_id, caller)
    if access.reads_detail(caller):
        await access.write_down(claim, caller, "text")
    set_etag(response, claim.revision)
    return views.detail(claim, caller)


@router.get("/claims/{claim_id}/history")
async def read_history(claim_id: str, caller: access.Reader) -> list[ClaimStepView]:
    """Every step of a claim, the first first, with the parameters that it rested on."""
    return views.history(await access.find(claim_id, caller), caller)

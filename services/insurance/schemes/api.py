"""Correcting a claim's scheme over HTTP: a POST with `Idempotency-Key` and `If-Match`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.insurance.access import Bureau
from services.insurance.claims import access
from services.insurance.claims.documents import Claim
from services.insurance.claims.views import ClaimDetail, Note, answer
from services.insurance.schemes import commands
from shared.contracts.insurance import Scheme
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen
from shared.web.fields import Uscc
from shared.web.idempotency import IdempotentRoute

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["claims 职业伤害"], route_class=IdempotentRoute)


class RightScheme(BaseModel):
    """Which insurance covers the accident. `outlet`: the courier outlet through which it does, for work injury alone."""

    scheme: Scheme
    outlet: Annotated[Uscc | None, Field(description="credit code of an outlet on file")] = None
    simple: bool = Field(default=False, description="facts and rights are clear (工伤保险条例 art. 20(2))")
    reasons: Note


@router.post("/scheme")
async def correct_scheme(
    claim_id: str, body: RightScheme, officer: Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Find that another insurance covers the accident, before it is decided; terms, papers and who pays follow from it.

    All parties are told. Once it is decided, the scheme is contested by review or suit alone.
    """
    by = access.by_of(officer)

    async def work(tx: Transaction) -> Claim:
        claim = await access.find(claim_id, officer, tx)
        require_revision(seen, claim.revision)
        outlet = await commands.unit_of(body.outlet, claim, tx) if body.outlet else None
        commands.correct(claim, body.scheme, outlet, body.simple, body.reasons, by, tx)
        return await claim.put(tx)

    return await answer(await transact(work), officer, response)

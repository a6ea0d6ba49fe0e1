"""Who bears the costs of an injury, over HTTP."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.insurance.access import Bureau
from services.insurance.claims import access
from services.insurance.claims.views import Words
from services.insurance.liability import commands as liability
from services.insurance.liability.documents import Liability
from services.insurance.liability.views import LiabilityView, liability_view
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["claims 职业伤害"], route_class=IdempotentRoute)


class LiabilityDecided(BaseModel):
    """`insured`: only where the records leave it open (`found` is `unclear`), null otherwise. `made_up_on`: when an employer that
    had not insured had registered, and paid contributions and late fee. `ground`: why, with the documents."""

    insured: bool | None = None
    made_up_on: dt.date | None = None
    ground: Words


@router.get("/liability")
async def read_liability(claim_id: str, officer: Bureau, response: Response) -> LiabilityView:
    """Whether an injury was insured, by enrolments, contributions and bills, and what the employer bears."""
    claim = await access.find(claim_id, officer)
    facts = await liability.facts_of(claim)
    set_etag(response, facts.decided.revision if facts.decided else 0)
    return liability_view(claim_id, facts)


@router.put("/liability")
async def decide_liability(
    claim_id: str, body: LiabilityDecided, officer: Bureau, seen: RevisionSeen, response: Response
) -> LiabilityView:
    """Decide, with reasons, what the records do not settle (社会保险法 art. 41; 工伤保险条例 art. 62(3)). Benefits that were granted
    before stay as they are."""

    async def work(tx: Transaction) -> Liability:
        claim = await access.find(claim_id, officer, tx)
        known = await Liability.of(claim.id, tx)
        require_revision(seen, known.revision if known else 0)
        return await liability.decide(claim, body.insured, body.made_up_on, body.ground, officer.subject, tx)

    decided = await transact(work)
    set_etag(response, decided.revision)
    return liability_view(claim_id, await liability.facts_of(await access.find(claim_id, officer)))

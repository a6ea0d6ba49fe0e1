"""Recording services of a claim's letters, over HTTP."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.insurance.access import Bureau
from services.insurance.claims import access
from services.insurance.claims.views import ClaimDetail, answer
from services.insurance.serving import commands as serving
from shared.contracts.insurance import Letter, ServiceWay, Side
from shared.web.etags import RevisionSeen
from shared.web.idempotency import IdempotentRoute

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["claims 职业伤害"], route_class=IdempotentRoute)


class LetterServed(BaseModel):
    """A letter that was served. `party`: `worker` stands for the next of kin too. `on`: the legal day of receipt; of an
    announcement (公告) that of its publication, which counts once its term is over."""

    letter: Letter = Field(
        description="decision; assessment, also another one; review: the decision of a review (复议决定书)"
    )
    party: Side
    way: ServiceWay
    on: dt.date
    evidence: str = Field(
        min_length=1, max_length=500, description="number of the receipt or the post, where it was announced and why"
    )
    agreed: bool = Field(default=False, description="the party has agreed to electronic service")


class ServedAnew(BaseModel):
    """How a letter was really served."""

    way: ServiceWay
    on: dt.date
    evidence: str = Field(min_length=1, max_length=500)
    agreed: bool = False


class ServiceCorrected(BaseModel):
    """A service that was recorded wrongly: that which counts for the party. `reason`: why it is wrong; `anew`: how the letter was
    served instead, null where it was not served at all."""

    letter: Letter
    party: Side
    reason: str = Field(min_length=1, max_length=500)
    anew: ServedAnew | None


@router.post("/services")
async def serve(
    claim_id: str, body: LetterServed, officer: Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Record that a letter was served on a party: that party's terms run from it, the others' do not."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id, officer, seen,
        lambda claim, tx: serving.serve(
            claim, body.letter, body.party, body.way, body.on, body.evidence, body.agreed, by, tx
        ),
    )  # fmt: skip
    return await answer(claim, officer, response)


@router.post("/service-corrections")
async def correct(
    claim_id: str, body: ServiceCorrected, officer: Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Record that a service was recorded wrongly. What ran from it runs from the right one, or not at all; the wrong one stays on
    file, with the reason."""
    by = access.by_of(officer)
    anew = None if body.anew is None else serving.Way(**body.anew.model_dump())
    claim = await access.change(
        claim_id, officer, seen,
        lambda claim, tx: serving.correct(claim, body.letter, body.party, body.reason, anew, by, tx),
        ("claim.service_corrected", f"{body.letter} {body.party}: {body.reason}"),
    )  # fmt: skip
    return await answer(claim, officer, response)

"""What the parties do over HTTP: apply, hand papers in, withdraw. Each is a POST with `Idempotency-Key` and `If-Match`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.insurance.claims import access, procedure, views
from services.insurance.claims.documents import Claim
from services.insurance.claims.papers import Kind
from services.insurance.claims.views import ClaimDetail
from shared.contracts.insurance import Reporter
from shared.web.auth import Caller
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.problems import broken_rule

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["claims 职业伤害"], route_class=IdempotentRoute)

Paper = Annotated[str, Field(max_length=50)]
Papers = Annotated[list[Paper], Field(max_length=30, description="codes of parameter claims.paper_names")]
Words = Annotated[str, Field(min_length=1, max_length=2000)]


class Application(BaseModel):
    """Benefits are applied for. `applicant` is for unions and officers, who act for others."""

    kinds: list[Kind] = Field(default=[], max_length=4, description="what sets the accident apart")
    papers: Papers = []
    late_reason: Words | None = Field(default=None, description="needed after the last day to apply")
    applicant: Reporter | None = None


class GivenPapers(BaseModel):
    """Papers that are handed in."""

    papers: Papers = Field(min_length=1)


async def answer(claim: Claim, caller: Caller, response: Response) -> ClaimDetail:
    """A claim after a step, as the caller may see it; reading it is recorded like any other."""
    await access.write_down(claim, caller, "text")
    set_etag(response, claim.revision)
    return views.detail(claim, caller)


@router.post("/applications")
async def apply(
    claim_id: str, body: Application, caller: access.Party, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Apply for benefits: the platform (employer) within its term, otherwise the worker, next of kin or union."""
    by = access.by_of(caller)
    applicant = _applicant(caller, body.applicant)
    claim = await access.change(
        claim_id,
        caller,
        seen,
        lambda claim, tx: procedure.apply(claim, applicant, body.kinds, body.papers, body.late_reason, by, tx),
    )
    return await answer(claim, caller, response)


def _applicant(caller: Caller, asked: Reporter | None) -> Reporter:
    """For whom the caller applies: workers and platforms for themselves, a union for the worker or the next of kin."""
    if caller.role in ("worker", "platform"):
        own: Reporter = "worker" if caller.role == "worker" else "platform"
        if asked not in (None, own):
            raise broken_rule("applicant", "只能以本人（本单位）名义申请", "you apply in your own name only")
        return own
    if caller.role == "union":
        if asked in ("worker", "platform"):
            raise broken_rule(
                "applicant", "工会以工会或近亲属名义申请", "a union applies as such or for the next of kin"
            )
        return asked or "union"
    return asked or "worker"


@router.post("/papers")
async def give_papers(
    claim_id: str, body: GivenPapers, caller: access.Party, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Hand papers in; once all that were asked for are there, the review goes on. Photos of papers: `POST …/photos`."""
    by = access.by_of(caller)
    claim = await access.change(
        claim_id, caller, seen, lambda claim, tx: procedure.give_papers(claim, body.papers, by, tx)
    )
    return await answer(claim, caller, response)


@router.post("/withdrawal")
async def withdraw(claim_id: str, caller: access.Party, seen: RevisionSeen, response: Response) -> ClaimDetail:
    """Take a report or application back: whoever made it, or an officer on their word. Another can be made."""
    by = access.by_of(caller)
    claim = await access.change(claim_id, caller, seen, lambda claim, tx: procedure.withdraw(claim, by, tx))
    return await answer(claim, caller, response)

"""Asking for assessments and recording them, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.insurance.access import Bureau
from services.insurance.assessments import commands as assessing
from services.insurance.claims import access
from services.insurance.claims.step_documents import Nursing
from services.insurance.claims.views import ClaimDetail, answer
from shared.contracts.insurance import Side
from shared.web.etags import RevisionSeen
from shared.web.idempotency import IdempotentRoute

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["claims 职业伤害"], route_class=IdempotentRoute)


class AssessmentRequest(BaseModel):
    """`first`; `again` by the province within the term (工伤保险条例 art. 26); `review` a year later (art. 28). `party`: for whom an
    officer records it."""

    kind: assessing.Kind
    party: Side | None = None


class AssessmentResult(BaseModel):
    """`grade` from 1 (worst) to 10, null where the injury reaches none; `experts` are three or five (art. 25)."""

    grade: int | None = Field(ge=1, le=10)
    nursing: Nursing | None = Field(default=None, description="dependence on others' care; null: none")
    experts: int = Field(ge=1, le=9)


@router.post("/assessment-requests")
async def request_assessment(
    claim_id: str, body: AssessmentRequest, caller: access.Party, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Ask for an assessment of the capacity for work, of a recognised injury (工伤保险条例 art. 23, 26, 28)."""
    by = access.by_of(caller)
    claim = await access.change(
        claim_id, caller, seen,
        lambda claim, tx: assessing.request(claim, body.kind, access.party_of(claim, by, body.party), by, tx),
    )  # fmt: skip
    return await answer(claim, caller, response)


@router.post("/assessment-extensions")
async def extend_assessment(claim_id: str, officer: Bureau, seen: RevisionSeen, response: Response) -> ClaimDetail:
    """Prolong the term of the assessment, once (工伤保险条例 art. 25(2))."""
    by = access.by_of(officer)
    claim = await access.change(claim_id, officer, seen, lambda claim, tx: assessing.extend(claim, by, tx))
    return await answer(claim, officer, response)


@router.post("/assessments")
async def conclude_assessment(
    claim_id: str, body: AssessmentResult, officer: Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Record what the assessment found."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id,
        officer,
        seen,
        lambda claim, tx: assessing.conclude(claim, body.grade, body.nursing, body.experts, by, tx),
    )
    return await answer(claim, officer, response)

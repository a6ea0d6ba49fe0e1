"""What comes after a decision over HTTP: assessments, appeals. Each is a POST with `Idempotency-Key` and `If-Match`."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.insurance.claims import access, appealing, assessing
from services.insurance.claims.parts import Nursing
from services.insurance.claims.steps_api import answer
from services.insurance.claims.views import ClaimDetail
from shared import clock
from shared.policy import calendar
from shared.web.etags import RevisionSeen
from shared.web.idempotency import IdempotentRoute
from shared.web.problems import broken_rule

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["claims 职业伤害"], route_class=IdempotentRoute)


class AssessmentRequest(BaseModel):
    """`first`; `again` by the province within the term (工伤保险条例 art. 26); `review` a year later (art. 28)."""

    kind: assessing.Kind


class AssessmentResult(BaseModel):
    """`grade` from 1 (worst) to 10, null where the injury reaches none; `experts` are three or five (art. 25)."""

    grade: int | None = Field(ge=1, le=10)
    nursing: Nursing | None = Field(default=None, description="dependence on others' care; null: none")
    experts: int = Field(ge=1, le=9)


class AppealFiled(BaseModel):
    """`filed_on`: the legal day; only an officer records another than today."""

    way: appealing.Way
    filed_on: dt.date | None = None


class AppealEnded(BaseModel):
    """How an appeal ended: the decision stands (`upheld`), is annulled (`revoked`), or the appeal was withdrawn."""

    outcome: Literal["upheld", "revoked", "withdrawn"]
    ended_on: dt.date


@router.post("/assessment-requests")
async def request_assessment(
    claim_id: str, body: AssessmentRequest, caller: access.Party, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Ask for an assessment of the capacity for work, of a recognised injury (工伤保险条例 art. 23, 26, 28)."""
    by = access.by_of(caller)
    claim = await access.change(claim_id, caller, seen, lambda claim, tx: assessing.request(claim, body.kind, by, tx))
    return await answer(claim, caller, response)


@router.post("/assessment-extensions")
async def extend_assessment(
    claim_id: str, officer: access.Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Prolong the term of the assessment, once (工伤保险条例 art. 25(2))."""
    by = access.by_of(officer)
    claim = await access.change(claim_id, officer, seen, lambda claim, tx: assessing.extend(claim, by, tx))
    return await answer(claim, officer, response)


@router.post("/assessments")
async def conclude_assessment(
    claim_id: str, body: AssessmentResult, officer: access.Bureau, seen: RevisionSeen, response: Response
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


@router.post("/appeals")
async def appeal(
    claim_id: str, body: AppealFiled, caller: access.Party, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Appeal against the refusal or decision that stands (工伤保险条例 art. 55); it does not hold the claim up."""
    by = access.by_of(caller)
    filed_on = body.filed_on if body.filed_on and by.role == "officer" else by.day
    if filed_on > by.day:
        raise _in_the_future()
    claim = await access.change(
        claim_id, caller, seen, lambda claim, tx: appealing.file(claim, body.way, filed_on, by, tx)
    )
    return await answer(claim, caller, response)


@router.post("/appeal-outcomes")
async def end_appeal(
    claim_id: str, body: AppealEnded, officer: access.Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Record how the appeal under way ended. A claim whose decision is annulled is decided anew."""
    by = access.by_of(officer)
    if body.ended_on > calendar.shanghai_date(clock.now()):
        raise _in_the_future()
    claim = await access.change(
        claim_id, officer, seen, lambda claim, tx: appealing.end(claim, body.outcome, body.ended_on, by, tx)
    )
    return await answer(claim, officer, response)


def _in_the_future() -> Exception:
    return broken_rule("in-the-future", "日期不能晚于今天", "the day lies in the future")

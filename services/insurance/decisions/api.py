"""Deciding claims over HTTP. Each is a POST with `Idempotency-Key` and `If-Match`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.insurance.access import Bureau
from services.insurance.claims import access
from services.insurance.claims.views import ClaimDetail, Note, Words, answer
from services.insurance.decisions import commands as deciding
from services.insurance.decisions import decision_letter
from shared.errors import NotFound
from shared.web.etags import RevisionSeen
from shared.web.idempotency import IdempotentRoute

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["claims 职业伤害"], route_class=IdempotentRoute)


class Refusal(BaseModel):
    """Why an application is not taken up; `text` is what the letter says."""

    reasons: list[deciding.Refusal] = Field(min_length=1, max_length=4)
    text: Words


class Suspension(BaseModel):
    """What the decision waits for."""

    waits_for: Note


class Decided(BaseModel):
    """A decision. `reasons` are codes of the law's cases (parameters `work_injury.` or `oip.` `recognised_cases`,
    `treated_as_cases`, `excluded_cases`), or `not_within_the_law`. `hours_to_death` is for `sudden_death`.
    """

    recognised: bool
    reasons: list[Annotated[str, Field(max_length=50)]] = Field(min_length=1, max_length=5)
    text: Words = Field(description="facts and reasons as the letter says them; kept encrypted")
    fatal: bool | None = Field(
        default=None, description="whether the worker died of the injury; null: as it was reported or found before"
    )
    hours_to_death: int | None = Field(
        default=None, ge=0, le=10_000, description="from the first diagnosis by a medical institution to the death"
    )


@router.post("/refusal")
async def refuse(claim_id: str, body: Refusal, officer: Bureau, seen: RevisionSeen, response: Response) -> ClaimDetail:
    """Do not take the application up. The answer and the letter say what the worker can do instead."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id, officer, seen, lambda claim, tx: deciding.refuse(claim, body.reasons, body.text, by, tx)
    )
    return await answer(claim, officer, response)


@router.post("/suspension")
async def suspend(
    claim_id: str, body: Suspension, officer: Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Let the decision wait for a court or another authority; its term stands still (工伤保险条例 art. 20(3))."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id, officer, seen, lambda claim, tx: deciding.suspend(claim, body.waits_for, by, tx)
    )
    return await answer(claim, officer, response)


@router.post("/decisions")
async def decide(claim_id: str, body: Decided, officer: Bureau, seen: RevisionSeen, response: Response) -> ClaimDetail:
    """Recognise the injury or not, for reasons that the law has (工伤保险条例 art. 14-16)."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id,
        officer,
        seen,
        lambda claim, tx: deciding.decide(
            claim, body.recognised, body.reasons, body.text, body.fatal, body.hours_to_death, by, tx
        ),
    )
    return await answer(claim, officer, response)


@router.post("/investigation")
async def investigate(claim_id: str, officer: Bureau, seen: RevisionSeen, response: Response) -> ClaimDetail:
    """Begin to inquire into the facts; the term to decide runs on (工伤保险条例 art. 19)."""
    by = access.by_of(officer)
    claim = await access.change(claim_id, officer, seen, lambda claim, _: deciding.investigate(claim, by))
    return await answer(claim, officer, response)


@router.post("/resumption")
async def resume(claim_id: str, officer: Bureau, seen: RevisionSeen, response: Response) -> ClaimDetail:
    """What the decision waited for has come: its term runs again."""
    by = access.by_of(officer)
    claim = await access.change(claim_id, officer, seen, lambda claim, tx: deciding.resume(claim, by, tx))
    return await answer(claim, officer, response)


@router.post("/closing")
async def close(claim_id: str, officer: Bureau, seen: RevisionSeen, response: Response) -> ClaimDetail:
    """Put a decided claim away. An appeal or a later assessment takes it up again."""
    by = access.by_of(officer)
    claim = await access.change(claim_id, officer, seen, lambda claim, tx: deciding.close(claim, by, tx))
    return await answer(claim, officer, response)


@router.get("/decisions/{number}")
async def read_decision(claim_id: str, number: str, caller: access.Reader) -> decision_letter.DecisionLetter:
    """The data of a decision letter, to be printed or served. A platform reads its text only as the employer."""
    claim = await access.find(claim_id, caller)
    decision = next((one for one in claim.decisions if one.number == number), None)
    if decision is None:
        raise NotFound("该决定", "the decision")
    await access.write_down(claim, caller, "decision")
    return decision_letter.of(claim, decision, caller)

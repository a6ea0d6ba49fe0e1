"""What officers do over HTTP, from the review to the decision. Each is a POST with `Idempotency-Key` and `If-Match`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.insurance.claims import access, deciding, procedure
from services.insurance.claims.steps_api import Papers, Words, answer
from services.insurance.claims.views import ClaimDetail
from shared.web.etags import RevisionSeen
from shared.web.idempotency import IdempotentRoute

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["claims 职业伤害"], route_class=IdempotentRoute)

Note = Annotated[str, Field(min_length=1, max_length=500, description="no personal data: both sides read it")]


class Supplement(BaseModel):
    """`further`: papers to ask for besides those that the law names and that are missing."""

    further: Papers = []


class Acceptance(BaseModel):
    """`simple`: facts and rights are clear (工伤保险条例 art. 20(2)); the grounds are needed where the answer asks for them."""

    simple: bool = False
    late_ground: Note | None = Field(default=None, description="why a late application is taken up")
    cover_ground: Note | None = Field(default=None, description="why it is covered though no order was under way")


class Refusal(BaseModel):
    """Why an application is not taken up; `text` is what the paper says."""

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
    text: Words = Field(description="facts and reasons as the paper says them; kept encrypted")
    fatal: bool = Field(default=False, description="the worker died of the injury")
    hours_to_death: int | None = Field(default=None, ge=0, le=10_000)


@router.post("/supplements")
async def ask_papers(
    claim_id: str, body: Supplement, officer: access.Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Ask for all missing papers at once (工伤保险条例 art. 18); the clock of the review stands still until they come."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id, officer, seen, lambda claim, tx: procedure.ask_papers(claim, body.further, by, tx)
    )
    return await answer(claim, officer, response)


@router.post("/acceptance")
async def accept(
    claim_id: str, body: Acceptance, officer: access.Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Take the application up: from here on the term to decide runs."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id,
        officer,
        seen,
        lambda claim, tx: procedure.accept(claim, body.simple, body.late_ground, body.cover_ground, by, tx),
    )
    return await answer(claim, officer, response)


@router.post("/refusal")
async def refuse(
    claim_id: str, body: Refusal, officer: access.Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Do not take the application up. The answer and the paper say what the worker can do instead."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id, officer, seen, lambda claim, tx: deciding.refuse(claim, body.reasons, body.text, by, tx)
    )
    return await answer(claim, officer, response)


@router.post("/suspension")
async def suspend(
    claim_id: str, body: Suspension, officer: access.Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Let the decision wait for a court or another authority; its term stands still (工伤保险条例 art. 20(3))."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id, officer, seen, lambda claim, tx: deciding.suspend(claim, body.waits_for, by, tx)
    )
    return await answer(claim, officer, response)


@router.post("/decisions")
async def decide(
    claim_id: str, body: Decided, officer: access.Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Recognise the injury or not, for reasons that the law has (工伤保险条例 art. 14-16)."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id,
        officer,
        seen,
        lambda claim, tx: deciding.decide(
            claim, body.recognised, body.reasons, body.text, body.fatal or claim.fatal, body.hours_to_death, by, tx
        ),
    )
    return await answer(claim, officer, response)


@router.post("/investigation")
async def investigate(claim_id: str, officer: access.Bureau, seen: RevisionSeen, response: Response) -> ClaimDetail:
    """Begin to inquire into the facts; the term to decide runs on (工伤保险条例 art. 19)."""
    by = access.by_of(officer)
    claim = await access.change(claim_id, officer, seen, lambda claim, tx: deciding.investigate(claim, by, tx))
    return await answer(claim, officer, response)


@router.post("/resumption")
async def resume(claim_id: str, officer: access.Bureau, seen: RevisionSeen, response: Response) -> ClaimDetail:
    """What the decision waited for has come: its term runs again."""
    by = access.by_of(officer)
    claim = await access.change(claim_id, officer, seen, lambda claim, tx: deciding.resume(claim, by, tx))
    return await answer(claim, officer, response)


@router.post("/closing")
async def close(claim_id: str, officer: access.Bureau, seen: RevisionSeen, response: Response) -> ClaimDetail:
    """Put a decided claim away. An appeal or a later assessment takes it up again."""
    by = access.by_of(officer)
    claim = await access.change(claim_id, officer, seen, lambda claim, tx: deciding.close(claim, by, tx))
    return await answer(claim, officer, response)


@router.post("/lapse")
async def lapse(claim_id: str, officer: access.Bureau, seen: RevisionSeen, response: Response) -> ClaimDetail:
    """Put away a report for which nobody applied in time; a late application takes it up again."""
    by = access.by_of(officer)
    claim = await access.change(claim_id, officer, seen, lambda claim, tx: procedure.lapse(claim, by, tx))
    return await answer(claim, officer, response)

"""What the parties do over HTTP: apply, hand papers in, withdraw. Each is a POST with `Idempotency-Key` and `If-Match`."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.insurance.access import Bureau
from services.insurance.claims import access
from services.insurance.claims.documents import Kin
from services.insurance.claims.rules import AccidentKind
from services.insurance.claims.views import ClaimDetail, Note, Papers, Words, answer
from services.insurance.procedure import commands as procedure
from shared.callers import Caller
from shared.contracts.insurance import Reporter
from shared.errors import RuleBroken
from shared.web.etags import RevisionSeen
from shared.web.fields import mobile
from shared.web.idempotency import IdempotentRoute
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["claims 职业伤害"], route_class=IdempotentRoute)


class ActingKin(BaseModel):
    """The next of kin who apply: relation to the worker, name, and the mobile number at which they are told what comes of it."""

    relation: str = Field(min_length=1, max_length=50)
    name: str = Field(min_length=1, max_length=100)
    phone: str = Field(max_length=30)

    def read(self) -> Kin:
        return Kin(self.relation, self.name, mobile(self.phone))


class Application(BaseModel):
    """Benefits are applied for. `applicant` is for unions and officers, who act for others; `kin` for the next of kin they act
    for."""

    kinds: list[AccidentKind] = Field(default=[], max_length=4, description="what sets the accident apart")
    papers: Papers = []
    late_reason: Words | None = Field(default=None, description="needed after the last day to apply")
    applicant: Reporter | None = None
    kin: ActingKin | None = None


class GivenPapers(BaseModel):
    """Papers that are handed in."""

    papers: Papers = Field(min_length=1)


@router.post("/applications")
async def apply(
    claim_id: str, body: Application, caller: access.Party, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Apply for benefits: the platform (employer) within its term, otherwise the worker, next of kin or union."""
    by = access.by_of(caller)
    applicant = _applicant(caller, body.applicant)
    kin = body.kin.read() if body.kin else None
    claim = await access.change(
        claim_id,
        caller,
        seen,
        lambda claim, tx: procedure.apply(claim, applicant, body.kinds, body.papers, body.late_reason, kin, by, tx),
    )
    return await answer(claim, caller, response)


def _applicant(caller: Caller, asked: Reporter | None) -> Reporter:
    """For whom the caller applies: workers and platforms for themselves, a union for the worker or the next of kin."""
    if caller.role in ("worker", "platform"):
        own: Reporter = "worker" if caller.role == "worker" else "platform"
        if asked not in (None, own):
            raise RuleBroken("applicant", "只能以本人（本单位）名义申请", "you apply in your own name only")
        return own
    if caller.role == "union":
        if asked in ("worker", "platform"):
            raise RuleBroken(
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


class Supplement(BaseModel):
    """`further`: papers to ask for besides those that the law names and that are missing."""

    further: Papers = []


class Acceptance(BaseModel):
    """`simple`: facts and rights are clear (工伤保险条例 art. 20(2)); the grounds are needed where the answer asks for them."""

    simple: bool = False
    late_ground: Note | None = Field(default=None, description="why a late application is taken up")
    cover_ground: Note | None = Field(default=None, description="why it is covered though no order was under way")
    fatal: bool | None = Field(
        default=None, description="whether the worker died, where it was reported otherwise; the papers go by it"
    )


@router.post("/supplements")
async def ask_papers(
    claim_id: str, body: Supplement, officer: Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Ask for all missing papers at once (工伤保险条例 art. 18); the clock of the review stands still until they come."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id, officer, seen, lambda claim, tx: procedure.ask_papers(claim, body.further, by, tx)
    )
    return await answer(claim, officer, response)


@router.post("/acceptance")
async def accept(
    claim_id: str, body: Acceptance, officer: Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Take the application up: from here on the term to decide runs."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id,
        officer,
        seen,
        lambda claim, tx: procedure.accept(claim, body.simple, body.late_ground, body.cover_ground, body.fatal, by, tx),
    )
    return await answer(claim, officer, response)


Employer = Annotated[Caller, callers("platform", departments=[HRSS], district="document")]
"""The platform, partner firm or dispatch agency, or an officer to whom it comes on paper."""


class ExtensionAsked(BaseModel):
    """Why the employer cannot apply in time."""

    reason: Words


class ExtensionDecided(BaseModel):
    """`until`: the employer's new last day, null where the request is refused; `ground`: why."""

    until: dt.date | None
    ground: Words


@router.post("/term-extensions")
async def ask_extension(
    claim_id: str, body: ExtensionAsked, caller: Employer, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Ask for more time to apply for recognition, before the term is over (工伤保险条例 art. 17(1)): the employer."""
    by = access.by_of(caller)
    claim = await access.change(
        claim_id, caller, seen, lambda claim, tx: procedure.ask_extension(claim, body.reason, by, tx)
    )
    return await answer(claim, caller, response)


@router.post("/term-extension-decisions")
async def decide_extension(
    claim_id: str, body: ExtensionDecided, officer: Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Grant the employer more time to apply, or refuse it. What falls due after its term is over is its own (art. 17(4))."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id, officer, seen, lambda claim, tx: procedure.decide_extension(claim, body.until, body.ground, by, tx)
    )
    return await answer(claim, officer, response)


class ExtensionCorrected(BaseModel):
    """`until`: the last day that should have been granted; `reason`: what was wrong."""

    until: dt.date
    reason: Words


@router.post("/term-extension-corrections")
async def correct_extension(
    claim_id: str, body: ExtensionCorrected, officer: Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Put right a last day that was granted wrongly: another officer than who granted it. The wrong one stays on file."""
    by = access.by_of(officer)
    claim = await access.change(
        claim_id,
        officer,
        seen,
        lambda claim, tx: procedure.correct_extension(claim, body.until, body.reason, by, tx),
        ("claim.extension_corrected", str(body.until)),
    )
    return await answer(claim, officer, response)


@router.post("/lapse")
async def lapse(claim_id: str, officer: Bureau, seen: RevisionSeen, response: Response) -> ClaimDetail:
    """Put away a report for which nobody applied in time; a late application takes it up again."""
    by = access.by_of(officer)
    claim = await access.change(claim_id, officer, seen, lambda claim, tx: procedure.lapse(claim, by, tx))
    return await answer(claim, officer, response)

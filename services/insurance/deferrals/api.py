"""Deferrals over HTTP: employers ask and take back, two officers of the city decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field, StringConstraints

from services.insurance.access import CityBureau, Payer, may_see
from services.insurance.deferrals import commands
from services.insurance.deferrals.documents import Deferral
from services.insurance.deferrals.rules import Ground, Outcome, Security, State
from services.insurance.deferrals.views import DeferralView
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.fields import Yuan
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Platform
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import Month
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.steps import take_step

router = APIRouter(prefix="/v1", tags=["deferrals 缓缴"])
asking = APIRouter(prefix="/v1", tags=["deferrals 缓缴"], route_class=IdempotentRoute)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class DeferralGuarantee(BaseModel):
    """What secures the payment: a mortgage, a pledge or a guarantor, of what value, and which."""

    kind: Security
    value: Annotated[Yuan, Field(gt=Decimal(0))]
    text: Text


class DeferralToAsk(BaseModel):
    """Months (YYYY-MM) that the employer cannot pay in time. `ground`: by law, as with force majeure (社会保险法 art. 60), or an
    agreement on what is overdue already, against a `guarantee` (art. 63). `why`: what has happened, with the papers that show it.
    """

    ground: Ground
    months: list[Month] = Field(min_length=1, max_length=24)
    why: Text
    guarantee: DeferralGuarantee | None = None


class DeferralProposal(BaseModel):
    """What is proposed: `grant` with the `last` day of the term, `refuse`, or the end of one that was granted: `cancel` where the
    ground has gone, `breach` where the employer has not kept to it. The employer reads `reason` once another officer has confirmed.
    """

    outcome: Outcome
    last: dt.date | None = None
    reason: Text


@asking.post("/deferrals", status_code=status.HTTP_201_CREATED)
async def ask_deferral(body: DeferralToAsk, platform: Platform, response: Response) -> DeferralView:
    """Ask to pay dues later. Until it is granted they are due as before."""
    given = body.guarantee
    secured = None if given is None else (given.kind, given.value, given.text)
    unit = str(platform.uscc)
    deferral = await transact(
        lambda tx: commands.ask(unit, body.ground, body.months, body.why, secured, platform.subject, tx)
    )
    response.headers["Location"] = f"/v1/deferrals/{deferral.id}"
    return _shown(deferral, platform, response)


@router.get("/deferrals")
async def list_deferrals(
    caller: Payer,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
) -> Page[DeferralView]:
    """An employer's own deferrals, or to officers of the city all, the latest first."""
    query = ({} if caller.role == "officer" else {"unit": caller.uscc}) | ({} if state is None else {"state": state})
    return await Page.of(Deferral, query, lambda one: _view(one, caller), page, sort="-_id")


@router.get("/deferrals/{deferral_id}")
async def read_deferral(deferral_id: str, caller: Payer, response: Response) -> DeferralView:
    """A deferral."""
    return _shown(await _of(deferral_id, caller), caller, response)


@router.post("/deferrals/{deferral_id}/withdrawal")
async def withdraw(deferral_id: str, platform: Platform, seen: RevisionSeen, response: Response) -> DeferralView:
    """Take back what is not decided yet, as the employer."""
    return await _done(deferral_id, platform, seen, response, commands.withdraw)


@router.post("/deferrals/{deferral_id}/proposal")
async def propose(
    deferral_id: str, body: DeferralProposal, officer: CityBureau, seen: RevisionSeen, response: Response
) -> DeferralView:
    """Propose a decision on a deferral, or its end before its time."""
    return await _done(
        deferral_id,
        officer,
        seen,
        response,
        lambda one, tx: commands.propose(one, body.outcome, body.last, body.reason, officer.subject, tx),
    )


@router.post("/deferrals/{deferral_id}/confirmation")
async def confirm(deferral_id: str, officer: CityBureau, seen: RevisionSeen, response: Response) -> DeferralView:
    """Carry out what another officer has proposed."""
    return await _done(deferral_id, officer, seen, response, lambda one, tx: commands.confirm(one, officer.subject, tx))


async def _of(deferral_id: str, caller: Caller, tx: Transaction | None = None) -> Deferral:
    deferral = await Deferral.of(deferral_id, tx)
    if deferral is None or not may_see(caller, deferral.unit):
        raise NotFound("该缓缴申请", "the deferral")
    return deferral


async def _done(
    deferral_id: str,
    caller: Caller,
    seen: int,
    response: Response,
    step: Callable[[Deferral, Transaction], Awaitable[Deferral]],
) -> DeferralView:
    return _shown(await take_step(_of, deferral_id, caller, seen, step), caller, response)


def _shown(deferral: Deferral, caller: Caller, response: Response) -> DeferralView:
    set_etag(response, deferral.revision)
    return _view(deferral, caller)


def _view(deferral: Deferral, caller: Caller) -> DeferralView:
    return DeferralView.of(deferral, officer=caller.role == "officer")

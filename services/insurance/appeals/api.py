"""Filing appeals and recording their outcome, over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.insurance.access import Bureau
from services.insurance.appeals import commands as appealing
from services.insurance.claims import access
from services.insurance.claims.views import ClaimDetail, answer
from shared import clock
from shared.contracts.insurance import Side
from shared.errors import RuleBroken
from shared.policy import calendar
from shared.web.etags import RevisionSeen
from shared.web.idempotency import IdempotentRoute

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["claims 职业伤害"], route_class=IdempotentRoute)


class AppealFiled(BaseModel):
    """`filed_on`: the legal day, and `party`: who appeals; only an officer records another day than today, and for others."""

    way: appealing.Way
    filed_on: dt.date | None = None
    party: Side | None = None


class AppealEnded(BaseModel):
    """How an appeal ended: the decision stands (`upheld`), is annulled (`revoked`), or the appeal was withdrawn. `party`: whose,
    where more than one is under way."""

    outcome: Literal["upheld", "revoked", "withdrawn"]
    ended_on: dt.date
    party: Side | None = None


@router.post("/appeals")
async def appeal(
    claim_id: str, body: AppealFiled, caller: access.Party, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Appeal against the refusal or decision that stands (工伤保险条例 art. 55); it does not hold the claim up. The term runs from the
    day on which the decision was served on whoever appeals."""
    by = access.by_of(caller)
    filed_on = body.filed_on if body.filed_on and by.role == "officer" else by.day
    if filed_on > by.day:
        raise _in_the_future()
    claim = await access.change(
        claim_id, caller, seen,
        lambda claim, tx: appealing.file(claim, body.way, filed_on, access.party_of(claim, by, body.party), by, tx),
    )  # fmt: skip
    return await answer(claim, caller, response)


@router.post("/appeal-outcomes")
async def end_appeal(
    claim_id: str, body: AppealEnded, officer: Bureau, seen: RevisionSeen, response: Response
) -> ClaimDetail:
    """Record how the appeal under way ended. A claim whose decision is annulled is decided anew."""
    by = access.by_of(officer)
    if body.ended_on > calendar.shanghai_date(clock.now()):
        raise _in_the_future()
    claim = await access.change(
        claim_id, officer, seen, lambda claim, tx: appealing.end(claim, body.outcome, body.ended_on, body.party, by, tx)
    )
    return await answer(claim, officer, response)


def _in_the_future() -> Exception:
    return RuleBroken("in-the-future", "日期不能晚于今天", "the day lies in the future")

"""Referrals to counselling over HTTP: workers ask, the general union assigns, the union that is assigned helps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, StringConstraints

from services.subsidies.counselling import commands
from services.subsidies.counselling.access import Assigner, Reader, Union, reads, referral_of, seen_by
from services.subsidies.counselling.documents import Referral
from services.subsidies.counselling.rules import State
from shared.callers import Caller
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import District
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.steps import take_step

TAGS = ["counselling referrals 心理服务转介"]
asking = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Subject = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]


class Asked(BaseModel):
    """Where counselling is asked for, and what for, in the person's own words."""

    district: District
    words: Text


class Assignment(BaseModel):
    """The union that is to help, by the subject of its token."""

    union: Subject


class Finding(BaseModel):
    """What the union keeps of it."""

    note: Text


class ReferralView(BaseModel):
    """A referral. `words`, `note` and who asks are shown to the person and to the union that is assigned alone."""

    referral_id: str
    district: str
    state: State
    asked_at: dt.datetime
    union: str | None
    worker_id: str | None
    words: str | None
    note: str | None

    @classmethod
    def of(cls, one: Referral, caller: Caller) -> Self:
        open_ = reads(caller)
        return cls(
            referral_id=one.id,
            district=one.district,
            state=one.state,
            asked_at=one.created_at,
            union=one.union,
            worker_id=one.worker_id if open_ else None,
            words=one.clear_words if open_ else None,
            note=one.clear_note if open_ else None,
        )


Step = Callable[[Referral, Transaction], Awaitable[Referral]]


@asking.post("/counselling-referrals", status_code=201)
async def ask(body: Asked, worker: Worker, response: Response) -> ReferralView:
    """Ask for counselling by the union."""
    assert worker.worker_id is not None
    one = await transact(partial(commands.ask, worker.worker_id, body.district, body.words))
    response.headers["Location"] = f"/v1/counselling-referrals/{one.id}"
    set_etag(response, one.revision)
    return ReferralView.of(one, worker)


@router.get("/counselling-referrals")
async def list_referrals(caller: Reader, page: PageAsked) -> Page[ReferralView]:
    """A worker's own referrals, those assigned to the caller's union, or for an officer of the general union those of the district,
    without who asks or what for; the newest first."""
    return await Page.of(Referral, seen_by(caller), lambda one: ReferralView.of(one, caller), page, sort="-_id")


@router.get("/counselling-referrals/{referral_id}")
async def read_referral(referral_id: str, caller: Reader, response: Response) -> ReferralView:
    """A referral."""
    return _shown(await referral_of(referral_id, caller), caller, response)


@router.post("/counselling-referrals/{referral_id}/assignment")
async def assign(
    referral_id: str, body: Assignment, officer: Assigner, seen: RevisionSeen, response: Response
) -> ReferralView:
    """Name the union that is to help."""
    return await _done(referral_id, officer, seen, response, lambda one, tx: commands.assign(one, body.union, tx))


@router.post("/counselling-referrals/{referral_id}/acceptance")
async def accept(referral_id: str, union: Union, seen: RevisionSeen, response: Response) -> ReferralView:
    """Take a referral on."""
    return await _done(referral_id, union, seen, response, commands.accept)


@router.post("/counselling-referrals/{referral_id}/refusal", status_code=204)
async def decline(referral_id: str, union: Union, seen: RevisionSeen) -> None:
    """Give a referral back: it is read no more here."""
    await _take(referral_id, union, seen, commands.decline)


@router.post("/counselling-referrals/{referral_id}/end")
async def finish(referral_id: str, body: Finding, union: Union, seen: RevisionSeen, response: Response) -> ReferralView:
    """End a referral, with a note."""
    return await _done(referral_id, union, seen, response, lambda one, tx: commands.finish(one, body.note, tx))


@router.post("/counselling-referrals/{referral_id}/withdrawal")
async def withdraw(referral_id: str, worker: Worker, seen: RevisionSeen, response: Response) -> ReferralView:
    """Take a referral back: what was said and kept of it goes."""
    return await _done(referral_id, worker, seen, response, commands.withdraw)


async def _done(referral_id: str, caller: Caller, seen: int, response: Response, step: Step) -> ReferralView:
    return _shown(await _take(referral_id, caller, seen, step), caller, response)


async def _take(referral_id: str, caller: Caller, seen: int, step: Step) -> Referral:
    return await take_step(referral_of, referral_id, caller, seen, step)


def _shown(referral: Referral, caller: Caller, response: Response) -> ReferralView:
    set_etag(response, referral.revision)
    return ReferralView.of(referral, caller)

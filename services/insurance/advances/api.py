"""Advances and their recourse, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.insurance.access import Bureau
from services.insurance.advances import commands as advances
from services.insurance.advances.views import AdvanceView, RecourseCorrection, advance_view
from services.insurance.benefits.access import Parties, advanced_by, scope
from services.insurance.benefits.advance_documents import Advance
from services.insurance.benefits.api import acted
from services.insurance.benefits.asked_views import GivenReason, MoneyPaid, not_ahead
from services.insurance.benefits.rules import AdvanceState
from services.insurance.benefits.views import BenefitView
from shared.callers import Caller
from shared.errors import Forbidden, NotFound
from shared.storage.records import find_one
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["benefits 待遇"], route_class=IdempotentRoute)


@router.post("/benefits/{benefit_id}/advance", status_code=status.HTTP_201_CREATED)
async def record_advance(benefit_id: str, body: MoneyPaid, caller: Parties) -> AdvanceView:
    """Record that the platform has advanced the whole sum in its partner firm's place: the platform or an officer."""
    not_ahead(body.on)

    async def work(tx: Transaction) -> Advance:
        benefit = await advanced_by(caller, benefit_id, tx)
        return await advances.record(benefit, body.amount, body.on, caller.subject, tx)

    return advance_view(await transact(work))


@router.get("/advances")
async def list_advances(
    caller: Parties,
    page: PageAsked,
    state: Annotated[AdvanceState | None, Query(description="due, advanced or dropped")] = None,
) -> Page[AdvanceView]:
    """Advances, the newest claim first: a platform sees its own, a partner firm those in its place, an officer those of the
    district."""
    query = scope(caller) | ({"state": state} if state else {})
    return await Page.of(Advance, query, advance_view, page, sort="-_id")


@router.get("/advances/{advance_id}")
async def read_advance(advance_id: str, caller: Parties) -> AdvanceView:
    """An advance with its recourse."""
    return advance_view(await advance_of(caller, advance_id))


@router.post("/advances/{advance_id}/instalments", status_code=status.HTTP_201_CREATED)
async def record_recourse(advance_id: str, body: MoneyPaid, caller: Parties) -> AdvanceView:
    """Record what the partner firm has paid back, never more than was advanced: the platform or an officer."""
    not_ahead(body.on)

    async def work(tx: Transaction) -> Advance:
        advance = await advance_of(caller, advance_id, tx)
        if caller.role == "platform" and caller.uscc != advance.platform:
            raise Forbidden("由垫付平台登记偿付", "whoever has advanced it records what came back")
        return await advances.record_instalment(advance, body.amount, body.on, caller.subject, tx)

    return advance_view(await transact(work))


@router.post("/advances/{advance_id}/instalment-corrections", status_code=status.HTTP_201_CREATED)
async def correct_instalment(advance_id: str, body: RecourseCorrection, officer: Bureau) -> AdvanceView:
    """Take back money that was recorded wrongly, or move it to the advance of which it was paid: another officer than who recorded it.
    The wrong one stays on file."""
    anew = None if body.anew is None else (body.anew.on, body.anew.amount)
    if anew is not None:
        not_ahead(anew[0])

    async def work(tx: Transaction) -> Advance:
        advance = await advance_of(officer, advance_id, tx)
        to = None if body.to is None else await advance_of(officer, body.to, tx)
        return await advances.correct_instalment(advance, body.number, body.reason, anew, to, officer.subject, tx)

    return advance_view(await transact(work))


@router.post("/advances/{advance_id}/closing", status_code=status.HTTP_201_CREATED)
async def close_recourse(advance_id: str, body: GivenReason, officer: Bureau) -> AdvanceView:
    """End a recourse of which some part is still owed, with the reason; an officer does."""

    async def work(tx: Transaction) -> Advance:
        advance = await advance_of(officer, advance_id, tx)
        return await advances.give_up(advance, body.reason, officer.subject, tx)

    return advance_view(await transact(work))


@router.put("/benefits/{benefit_id}/default")
async def declare_default(
    benefit_id: str, body: GivenReason, officer: Bureau, seen: RevisionSeen, response: Response
) -> BenefitView:
    """Find that the partner firm will not pay what is due (it refuses, or is gone): the platform must advance at once."""
    return await acted(
        benefit_id, officer, seen, response,
        lambda benefit, tx: advances.declare_default(benefit, body.reason, officer.subject, tx),
    )  # fmt: skip


async def advance_of(caller: Caller, advance_id: str, tx: Transaction | None = None) -> Advance:
    """An advance that the caller may see; raises a 404 problem."""
    query = {**scope(caller), "_id": advance_id}
    advance = await find_one(Advance, query, tx)
    if advance is None:
        raise NotFound("该垫付记录", "the advance")
    return advance

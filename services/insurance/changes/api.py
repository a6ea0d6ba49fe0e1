"""What has become of an injured person, over HTTP: officers record it, the worker reads it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter

from services.insurance.access import Bureau
from services.insurance.changes import commands
from services.insurance.changes.views import (
    DeathToRecord,
    EntitlementView,
    OnDay,
    RetirementToRecord,
    Since,
    StopToRecord,
    entitlement_view,
)
from services.insurance.claims import access
from services.insurance.entitlements.documents import Entitlement
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.idempotency import IdempotentRoute
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1/claims/{claim_id}/entitlement", tags=["benefits 待遇"], route_class=IdempotentRoute)

Reader = Annotated[Caller, callers("worker", departments=[HRSS], district="document")]


@router.get("")
async def read_entitlement(claim_id: str, caller: Reader) -> EntitlementView:
    """What has become of an injured person since the recognition. An officer's reading is recorded."""
    await access.find(claim_id, caller)
    known = await Entitlement.of(claim_id)
    if known is None:
        raise NotFound("待遇变动", "a change")
    if caller.role == "officer":
        await write_down("entitlement.read", claim_id, caller)
    return entitlement_view(known)


@router.post("/death")
async def record_death(claim_id: str, body: DeathToRecord, officer: Bureau) -> EntitlementView:
    """Record a death after the recognition, or that a court declared it (工伤保险条例 art. 39, 41)."""
    return await _recorded(
        claim_id,
        officer,
        lambda by, tx: commands.record_death(claim_id, body.on, body.of_injury, body.declared, body.document, by, tx),
    )


@router.post("/absence")
async def record_absence(claim_id: str, body: Since, officer: Bureau) -> EntitlementView:
    """Record that nobody knows where the worker is: the pay goes on for three months, then dependants draw pensions (art. 41)."""
    return await _recorded(
        claim_id, officer, lambda by, tx: commands.record_absence(claim_id, body.since, body.document, by, tx)
    )


@router.post("/return")
async def record_return(claim_id: str, body: OnDay, officer: Bureau) -> EntitlementView:
    """Record that a missing worker, or one declared dead, has come back."""
    return await _recorded(
        claim_id, officer, lambda by, tx: commands.record_return(claim_id, body.on, body.document, by, tx)
    )


@router.post("/relapses")
async def record_relapse(claim_id: str, body: Since, officer: Bureau) -> EntitlementView:
    """Record that an old injury needs treatment again, as it was confirmed (art. 38)."""
    return await _recorded(
        claim_id, officer, lambda by, tx: commands.record_relapse(claim_id, body.since, body.document, by, tx)
    )


@router.post("/retirement")
async def record_retirement(claim_id: str, body: RetirementToRecord, officer: Bureau) -> EntitlementView:
    """Record a retirement: the allowance ends, and what the pension falls short of it is granted (art. 35, 1, 3)."""
    return await _recorded(
        claim_id,
        officer,
        lambda by, tx: commands.record_retirement(claim_id, body.on, body.pension, body.document, by, tx),
    )


@router.post("/stops")
async def record_stop(claim_id: str, body: StopToRecord, officer: Bureau) -> EntitlementView:
    """Stop the worker's benefits while one of the law's cases lasts (art. 42)."""
    return await _recorded(
        claim_id,
        officer,
        lambda by, tx: commands.record_stop(claim_id, body.case, body.since, body.document, by, tx),
    )


@router.post("/resumption")
async def record_resumption(claim_id: str, body: OnDay, officer: Bureau) -> EntitlementView:
    """Let benefits go on, from the present month."""
    return await _recorded(
        claim_id, officer, lambda by, tx: commands.record_resumption(claim_id, body.on, body.document, by, tx)
    )


async def _recorded(
    claim_id: str, officer: Caller, record: Callable[[str, Transaction], Awaitable[Entitlement]]
) -> EntitlementView:
    async def work(tx: Transaction) -> Entitlement:
        await access.find(claim_id, officer, tx)
        return await record(officer.subject, tx)

    return entitlement_view(await transact(work))

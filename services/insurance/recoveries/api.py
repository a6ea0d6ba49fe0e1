"""Recoveries, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, status

from services.insurance.access import Bureau
from services.insurance.benefits.access import benefit_of
from services.insurance.benefits.views import GivenReason, MoneyPaid, not_ahead
from services.insurance.recoveries import commands as recoveries
from services.insurance.recoveries.documents import Recovery
from services.insurance.recoveries.views import RecoveryToOpen, RecoveryView, recovery_view
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction, transact
from shared.web.idempotency import IdempotentRoute
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["benefits 待遇"], route_class=IdempotentRoute)

RecoveryReader = Annotated[Caller, callers("worker", departments=[HRSS], district="document")]


@router.post("/benefits/{benefit_id}/recoveries", status_code=status.HTTP_201_CREATED)
async def open_recovery(benefit_id: str, body: RecoveryToOpen, officer: Bureau) -> RecoveryView:
    """Claim back what was paid wrongly or in another's place, at most what was paid and is not claimed back yet."""

    async def work(tx: Transaction) -> Recovery:
        benefit = await benefit_of(officer, benefit_id, tx)
        return await recoveries.open_recovery(benefit, body.amount, body.reason, body.debtor, officer.subject, tx)

    return recovery_view(await transact(work))


@router.get("/benefits/{benefit_id}/recoveries")
async def list_recoveries(benefit_id: str, caller: RecoveryReader) -> list[RecoveryView]:
    """The recoveries of a benefit, in the order of their opening; its worker sees them too."""
    benefit = await benefit_of(caller, benefit_id)
    found = await Recovery.find({"benefit_id": benefit.id}).sort("created_at").to_list()
    return [recovery_view(recovery) for recovery in found]


@router.post("/recoveries/{recovery_id}/instalments", status_code=status.HTTP_201_CREATED)
async def record_recovery(recovery_id: str, body: MoneyPaid, officer: Bureau) -> RecoveryView:
    """Record what has come back."""
    not_ahead(body.on)

    async def work(tx: Transaction) -> Recovery:
        recovery = await _recovery(officer, recovery_id, tx)
        benefit = await benefit_of(officer, recovery.benefit_id, tx)
        return await recoveries.record_instalment(benefit, recovery, body.amount, body.on, officer.subject, tx)

    return recovery_view(await transact(work))


@router.post("/recoveries/{recovery_id}/closing", status_code=status.HTTP_201_CREATED)
async def close_recovery(recovery_id: str, body: GivenReason, officer: Bureau) -> RecoveryView:
    """End a recovery of which some part is still owed, with the reason."""

    async def work(tx: Transaction) -> Recovery:
        recovery = await _recovery(officer, recovery_id, tx)
        benefit = await benefit_of(officer, recovery.benefit_id, tx)
        return await recoveries.give_up(benefit, recovery, body.reason, officer.subject, tx)

    return recovery_view(await transact(work))


async def _recovery(officer: Caller, recovery_id: str, tx: Transaction) -> Recovery:
    recovery = await Recovery.of(recovery_id, tx)
    if recovery is None or not officer.reaches(recovery.district):
        raise NotFound("该追回记录", "the recovery")
    return recovery

"""Recoveries, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, status

from services.insurance.access import Bureau
from services.insurance.benefits.access import benefit_of
from services.insurance.benefits.asked_views import GivenReason, MoneyPaid, not_ahead
from services.insurance.benefits.documents import Benefit
from services.insurance.recoveries import commands as recoveries
from services.insurance.recoveries.documents import Recovery
from services.insurance.recoveries.rules import State
from services.insurance.recoveries.views import (
    DecisionOnRecovery,
    InstalmentCorrected,
    PayeeStatement,
    RecoveryToOpen,
    RecoveryView,
    recovery_view,
)
from shared.callers import Caller
from shared.errors import Forbidden, NotFound
from shared.storage.transaction import Transaction, transact
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers, reach

router = APIRouter(prefix="/v1", tags=["benefits 待遇"], route_class=IdempotentRoute)

RecoveryReader = Annotated[Caller, callers("worker", departments=[HRSS], district="document")]


@router.post("/benefits/{benefit_id}/recoveries", status_code=status.HTTP_201_CREATED)
async def open_recovery(benefit_id: str, body: RecoveryToOpen, officer: Bureau) -> RecoveryView:
    """Claim back what was paid wrongly or in another's place, at most what was paid and is not claimed back yet.

    From a payee who was not heard it is only proposed.
    """

    async def work(tx: Transaction) -> Recovery:
        benefit = await benefit_of(officer, benefit_id, tx)
        return await recoveries.open_recovery(
            benefit, body.amount, body.reason, body.debtor, body.heard, officer.subject, tx
        )

    return recovery_view(await transact(work))


@router.get("/benefits/{benefit_id}/recoveries")
async def list_recoveries(benefit_id: str, caller: RecoveryReader) -> list[RecoveryView]:
    """The recoveries of a benefit, in the order of their opening; its worker sees them too."""
    benefit = await benefit_of(caller, benefit_id)
    found = await Recovery.find({"benefit_id": benefit.id}).sort("created_at").to_list()
    return [recovery_view(recovery) for recovery in found]


@router.get("/recoveries")
async def list_all_recoveries(
    officer: Bureau,
    page: PageAsked,
    state: Annotated[State | None, Query(description="proposed, ordered or dropped")] = None,
) -> Page[RecoveryView]:
    """Recoveries of the officer's district, the newest claim first; those that are `proposed` wait for a decision."""
    query = reach(officer, district="district") | ({"state": state} if state else {})
    return await Page.of(Recovery, query, recovery_view, page, sort="-_id")


@router.post("/recoveries/{recovery_id}/statements", status_code=status.HTTP_201_CREATED)
async def speak_to_it(recovery_id: str, body: PayeeStatement, caller: RecoveryReader) -> RecoveryView:
    """Record what the payee says to a proposal: the worker, or an officer for whoever is paid."""

    async def work(tx: Transaction) -> Recovery:
        recovery, benefit = await _with_benefit(caller, recovery_id, tx)
        if caller.role == "worker" and benefit.to_kin:
            raise Forbidden()  # a token outlives the worker
        return await recoveries.hear(recovery, body.statement, caller.subject, tx)

    return recovery_view(await transact(work))


@router.post("/recoveries/{recovery_id}/decision", status_code=status.HTTP_201_CREATED)
async def decide(recovery_id: str, body: DecisionOnRecovery, officer: Bureau) -> RecoveryView:
    """Order what was proposed, or drop it; only once the payee has been heard, or did not speak in time."""

    async def work(tx: Transaction) -> Recovery:
        recovery, benefit = await _with_benefit(officer, recovery_id, tx)
        if body.outcome == "drop":
            return await recoveries.drop(benefit, recovery, body.reason, officer.subject, tx)
        return await recoveries.order(benefit, recovery, body.amount, body.reason, officer.subject, tx)

    return recovery_view(await transact(work))


@router.post("/recoveries/{recovery_id}/instalments", status_code=status.HTTP_201_CREATED)
async def record_recovery(recovery_id: str, body: MoneyPaid, officer: Bureau) -> RecoveryView:
    """Record what has come back."""
    not_ahead(body.on)

    async def work(tx: Transaction) -> Recovery:
        recovery, benefit = await _with_benefit(officer, recovery_id, tx)
        return await recoveries.record_instalment(benefit, recovery, body.amount, body.on, officer.subject, tx)

    return recovery_view(await transact(work))


@router.post("/recoveries/{recovery_id}/instalment-corrections", status_code=status.HTTP_201_CREATED)
async def correct_instalment(recovery_id: str, body: InstalmentCorrected, officer: Bureau) -> RecoveryView:
    """Put right what was recorded of money that came back: another officer than who recorded it. The wrong one stays on file."""
    anew = None if body.anew is None else (body.anew.on, body.anew.amount)
    if anew is not None:
        not_ahead(anew[0])

    async def work(tx: Transaction) -> Recovery:
        recovery, benefit = await _with_benefit(officer, recovery_id, tx)
        return await recoveries.correct_instalment(
            benefit, recovery, body.number, body.reason, anew, officer.subject, tx
        )

    return recovery_view(await transact(work))


@router.post("/recoveries/{recovery_id}/closing", status_code=status.HTTP_201_CREATED)
async def close_recovery(recovery_id: str, body: GivenReason, officer: Bureau) -> RecoveryView:
    """End a recovery of which some part is still owed, with the reason."""

    async def work(tx: Transaction) -> Recovery:
        recovery, benefit = await _with_benefit(officer, recovery_id, tx)
        return await recoveries.give_up(benefit, recovery, body.reason, officer.subject, tx)

    return recovery_view(await transact(work))


async def _with_benefit(caller: Caller, recovery_id: str, tx: Transaction) -> tuple[Recovery, Benefit]:
    """A recovery whose benefit the caller may see, with it; raises a 404 problem."""
    recovery = await Recovery.of(recovery_id, tx)
    if recovery is None:
        raise NotFound("该追回记录", "the recovery")
    return recovery, await benefit_of(caller, recovery.benefit_id, tx)

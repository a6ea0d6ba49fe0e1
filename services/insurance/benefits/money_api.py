"""What employers and platforms paid, advances with their recourse, and recoveries, over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, status

from services.insurance.benefits import advances, payments, recoveries
from services.insurance.benefits.access import Bureau, Parties, advance_of, benefit_of, carry_out, scope
from services.insurance.benefits.bodies import GivenReason, MoneyPaid, RecoveryToOpen
from services.insurance.benefits.documents import Advance, Benefit, Recovery
from services.insurance.benefits.rules import AdvanceState
from services.insurance.benefits.views import (
    AdvanceView,
    BenefitView,
    RecoveryView,
    advance_view,
    benefit_view,
    recovery_view,
)
from shared import clock
from shared.policy import calendar
from shared.storage.transaction import Transaction
from shared.web.auth import Caller
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked, cursor_of
from shared.web.problems import broken_rule, not_found
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["benefits 待遇"], route_class=IdempotentRoute)

RecoveryReader = Annotated[Caller, callers("worker", departments=[HRSS], district="document")]


@router.post("/benefits/{benefit_id}/payments", status_code=status.HTTP_201_CREATED)
async def record_payment(benefit_id: str, body: MoneyPaid, caller: Parties) -> BenefitView:
    """Record that the employer, partner firm or platform has paid the whole sum that is due: the platform or an officer."""
    _not_ahead(body.on)

    async def work(tx: Transaction) -> Benefit:
        benefit = await benefit_of(caller, benefit_id, tx)
        await payments.record_payment(benefit, body.amount, body.on, caller.subject, tx)
        return benefit

    return benefit_view(await carry_out(work), whole=caller.role == "officer")


@router.post("/benefits/{benefit_id}/advance", status_code=status.HTTP_201_CREATED)
async def record_advance(benefit_id: str, body: MoneyPaid, caller: Parties) -> AdvanceView:
    """Record that the platform has advanced the whole sum in its partner firm's place: the platform or an officer."""
    _not_ahead(body.on)

    async def work(tx: Transaction) -> Advance:
        benefit = await benefit_of(caller, benefit_id, tx)
        return await advances.record(benefit, body.amount, body.on, caller.subject, tx)

    return advance_view(await carry_out(work))


@router.get("/advances")
async def list_advances(
    caller: Parties,
    page: PageAsked,
    state: Annotated[AdvanceState | None, Query(description="due, advanced or dropped")] = None,
) -> Page[AdvanceView]:
    """Advances, the newest claim first: a platform sees its own, an officer those of the district."""
    query = scope(caller) | ({"state": state} if state else {})
    if page.after is not None:
        query["_id"] = {"$lt": str(page.after)}
    found = await Advance.find(query).sort("-_id").limit(page.limit + 1).to_list()
    shown = found[: page.limit]
    more = len(found) > page.limit
    return Page(items=[advance_view(one) for one in shown], next=cursor_of(shown[-1].id) if more else None)


@router.get("/advances/{advance_id}")
async def read_advance(advance_id: str, caller: Parties) -> AdvanceView:
    """An advance with its recourse."""
    return advance_view(await advance_of(caller, advance_id))


@router.post("/advances/{advance_id}/instalments", status_code=status.HTTP_201_CREATED)
async def record_recourse(advance_id: str, body: MoneyPaid, caller: Parties) -> AdvanceView:
    """Record what the partner firm has paid back, never more than was advanced: the platform or an officer."""
    _not_ahead(body.on)

    async def work(tx: Transaction) -> Advance:
        advance = await advance_of(caller, advance_id, tx)
        return await advances.take_instalment(advance, body.amount, body.on, caller.subject, tx)

    return advance_view(await carry_out(work))


@router.post("/advances/{advance_id}/closing", status_code=status.HTTP_201_CREATED)
async def close_recourse(advance_id: str, body: GivenReason, officer: Bureau) -> AdvanceView:
    """End a recourse of which some part is still owed, with the reason; an officer does."""

    async def work(tx: Transaction) -> Advance:
        advance = await advance_of(officer, advance_id, tx)
        return await advances.give_up(advance, body.reason, officer.subject, tx)

    return advance_view(await carry_out(work))


@router.post("/benefits/{benefit_id}/recoveries", status_code=status.HTTP_201_CREATED)
async def open_recovery(benefit_id: str, body: RecoveryToOpen, officer: Bureau) -> RecoveryView:
    """Claim back what was paid wrongly or in another's place, at most what was paid and is not claimed back yet."""

    async def work(tx: Transaction) -> Recovery:
        benefit = await benefit_of(officer, benefit_id, tx)
        return await recoveries.open_recovery(benefit, body.amount, body.reason, body.debtor, officer.subject, tx)

    return recovery_view(await carry_out(work))


@router.get("/benefits/{benefit_id}/recoveries")
async def list_recoveries(benefit_id: str, caller: RecoveryReader) -> list[RecoveryView]:
    """The recoveries of a benefit, in the order of their opening; its worker sees them too."""
    benefit = await benefit_of(caller, benefit_id)
    found = await Recovery.find({"benefit_id": benefit.id}).sort("created_at").to_list()
    return [recovery_view(recovery) for recovery in found]


@router.post("/recoveries/{recovery_id}/instalments", status_code=status.HTTP_201_CREATED)
async def record_recovery(recovery_id: str, body: MoneyPaid, officer: Bureau) -> RecoveryView:
    """Record what has come back."""
    _not_ahead(body.on)

    async def work(tx: Transaction) -> Recovery:
        recovery = await _recovery(officer, recovery_id, tx)
        benefit = await benefit_of(officer, recovery.benefit_id, tx)
        return await recoveries.take_instalment(benefit, recovery, body.amount, body.on, officer.subject, tx)

    return recovery_view(await carry_out(work))


@router.post("/recoveries/{recovery_id}/closing", status_code=status.HTTP_201_CREATED)
async def close_recovery(recovery_id: str, body: GivenReason, officer: Bureau) -> RecoveryView:
    """End a recovery of which some part is still owed, with the reason."""

    async def work(tx: Transaction) -> Recovery:
        recovery = await _recovery(officer, recovery_id, tx)
        benefit = await benefit_of(officer, recovery.benefit_id, tx)
        return await recoveries.give_up(benefit, recovery, body.reason, officer.subject, tx)

    return recovery_view(await carry_out(work))


async def _recovery(officer: Caller, recovery_id: str, tx: Transaction) -> Recovery:
    recovery = await Recovery.of(recovery_id, tx)
    if recovery is None or not officer.reaches(recovery.district):
        raise not_found("该追回记录", "the recovery")
    return recovery


def _not_ahead(day: dt.date) -> None:
    if day > calendar.shanghai_date(clock.now()):
        raise broken_rule("day-to-come", "日期不能晚于今天", "the day has not come yet")

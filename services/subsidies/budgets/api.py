"""Budgets over HTTP: one finance officer proposes a change, another decides on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.budgets import commands, year_end
from services.subsidies.budgets.access import Officer, check_keeper, kept_by
from services.subsidies.budgets.documents import Budget, BudgetChange, Reservation
from services.subsidies.budgets.rules import ChangeState, Line, Purpose, Source
from services.subsidies.budgets.views import BudgetChangeView, BudgetView, Queue, WaitingView
from services.subsidies.officers.commands import on_duty
from shared import clock
from shared.callers import Caller
from shared.errors import NotFound
from shared.policy.calendar import shanghai_date
from shared.storage.audit import write_down
from shared.storage.fields import Yuan
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import DistrictOrCity
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import fits

TAGS = ["budgets 预算"]
proposing = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])


class BudgetChangeBody(BaseModel):
    """A change of a budget. `purpose`: `allot` more, `lower` what is available, or `reclaim` what came back."""

    year: int = Field(ge=2020, le=2099)
    kind: str = Field(max_length=64, pattern=r"^[a-z_]+$", description="kind of subsidy")
    source: Source
    district: DistrictOrCity
    purpose: Purpose
    amount: Annotated[Yuan, Field(gt=0)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]

    @property
    def line(self) -> Line:
        return Line(year=self.year, kind=self.kind, source=self.source, district=self.district)


@router.get("/budgets")
async def list_budgets(
    officer: Officer,
    page: PageAsked,
    left_waiting: Annotated[
        bool, Query(description="only those of past years that something still waits for, to be carried over")
    ] = False,
) -> Page[BudgetView]:
    """The budgets of an officer's department, in their district or the whole city."""
    query = kept_by(officer) | (year_end.left_waiting(shanghai_date(clock.now())) if left_waiting else {})
    return await Page.of(Budget, query, BudgetView.of, page)


@router.get("/budgets/{budget_id}")
async def read_budget(budget_id: str, officer: Officer) -> BudgetView:
    """A budget, with what of it is available, reserved, spent and returned."""
    return BudgetView.of(await _budget_of(budget_id, officer))


@router.get("/budgets/{budget_id}/queue")
async def read_queue(budget_id: str, officer: Officer, page: PageAsked) -> Queue:
    """What waits for money of a budget, by application; of a past year's it can be carried over."""
    budget, today = await _budget_of(budget_id, officer), shanghai_date(clock.now())
    shown = await Page.of(Reservation, commands.waiting_of(budget.id), WaitingView.of, page)
    law = year_end.law_of(today)
    told_on = year_end.told_after(today, law) if budget.year < today.year and budget.waiting else None
    return Queue(items=shown.items, next=shown.next, told_on=told_on, used=list(law.used))


@router.post("/budgets/{budget_id}/carry-over", status_code=202)
async def carry_over(budget_id: str, officer: Officer) -> BudgetView:
    """Have what waits for money of a past year wait for this year's budget of the same kind, source and district, ahead of what waits
    there and in its order, as a finance officer or a head. No money moves."""

    async def act(tx: Transaction) -> Budget:
        budget = await _budget_of(budget_id, officer, tx)
        await on_duty(officer, budget.district, "finance", "head", tx=tx)
        await write_down("budget.carried", budget.id, officer, tx)
        await commands.carry(budget, tx)
        return budget

    return BudgetView.of(await transact(act))


@proposing.post("/budget-changes", status_code=201)
async def propose_change(body: BudgetChangeBody, officer: Officer, response: Response) -> BudgetChangeView:
    """Propose a change of a budget, or a new one, as a finance officer."""

    async def store(tx: Transaction) -> BudgetChange:
        check_keeper(officer, body.source)
        await on_duty(officer, body.district, "finance", "head", tx=tx)
        return await commands.propose(body.line, body.purpose, body.amount, body.reason, officer.subject, tx)

    change = await transact(store)
    response.headers["Location"] = f"/v1/budget-changes/{change.id}"
    return _shown(change, response)


@router.get("/budget-changes")
async def list_changes(
    officer: Officer,
    page: PageAsked,
    state: Annotated[ChangeState | None, Query(description="only those that stand so")] = None,
) -> Page[BudgetChangeView]:
    """Changes of budgets, the newest first."""
    query = kept_by(officer) | ({} if state is None else {"state": state})
    return await Page.of(BudgetChange, query, BudgetChangeView.of, page, sort="-_id")


@router.get("/budget-changes/{change_id}")
async def read_change(change_id: str, officer: Officer, response: Response) -> BudgetChangeView:
    """A change of a budget."""
    return _shown(await _change_of(change_id, officer), response)


@router.post("/budget-changes/{change_id}/approval")
async def approve_change(change_id: str, officer: Officer, seen: RevisionSeen, response: Response) -> BudgetChangeView:
    """Approve and carry out a change, as another officer than who proposed it."""
    return await _decided(change_id, officer, seen, response, "approved", commands.approve)


@router.post("/budget-changes/{change_id}/refusal")
async def refuse_change(change_id: str, officer: Officer, seen: RevisionSeen, response: Response) -> BudgetChangeView:
    """Refuse a change, as another officer than who proposed it."""
    return await _decided(change_id, officer, seen, response, "refused", commands.refuse)


async def _decided(
    change_id: str,
    officer: Caller,
    seen: int,
    response: Response,
    what: str,
    decide: Callable[[BudgetChange, str, Transaction], Awaitable[BudgetChange]],
) -> BudgetChangeView:
    async def act(tx: Transaction) -> BudgetChange:
        change = await _change_of(change_id, officer, tx)
        await on_duty(officer, change.district, "finance", "head", tx=tx)
        require_revision(seen, change.revision)
        await write_down(f"budget_change.{what}", change.id, officer, tx)
        return await decide(change, officer.subject, tx)

    return _shown(await transact(act), response)


async def _budget_of(budget_id: str, officer: Caller, tx: Transaction | None = None) -> Budget:
    budget = await Budget.of(budget_id, tx)
    if budget is None or not fits(budget, kept_by(officer)):
        raise NotFound("该预算", "the budget")
    return budget


async def _change_of(change_id: str, officer: Caller, tx: Transaction | None = None) -> BudgetChange:
    change = await BudgetChange.of(change_id, tx)
    if change is None or not fits(change, kept_by(officer)):
        raise NotFound("该预算调整", "the change of a budget")
    return change


def _shown(change: BudgetChange, response: Response) -> BudgetChangeView:
    set_etag(response, change.revision)
    return BudgetChangeView.of(change)

"""Statements to the tax office over HTTP: payers their own, officers of the city all."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, status

from services.insurance.access import CityBureau, Payer, may_see
from services.insurance.tax import commands
from services.insurance.tax.documents import TaxComparison, TaxStatement
from services.insurance.tax.rules import State
from services.insurance.tax.views import TaxComparisonView, TaxStatementView, comparison_view, view
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction, transact
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["tax 税务征收"], route_class=IdempotentRoute)


@router.get("/tax-statements")
async def list_statements(
    caller: Payer, page: PageAsked, state: Annotated[State | None, Query(description="only those that stand so")] = None
) -> Page[TaxStatementView]:
    """What the tax office was told of: a payer's own, or all for officers of the city."""
    query: dict[str, object] = {"payer": caller.uscc} if caller.role == "platform" else {}
    if state is not None:
        query["state"] = state
    return await Page.of(TaxStatement, query, view, page, sort="-_id")


@router.get("/tax-statements/{statement_id}")
async def read_statement(statement_id: str, caller: Payer) -> TaxStatementView:
    """One statement, how the tax office has answered, and what was paid of it."""
    return view(await _own(statement_id, caller))


@router.post("/tax-statements/{statement_id}/requests", status_code=status.HTTP_201_CREATED)
async def ask_again(statement_id: str, officer: CityBureau) -> TaxStatementView:
    """Send a statement again that the tax office has refused, under a new number. 409 where it has not."""

    async def work(tx: Transaction) -> TaxStatement:
        return await commands.ask_again(await _own(statement_id, officer, tx), tx)

    return view(await transact(work))


@router.get("/tax-comparison")
async def read_comparison(officer: CityBureau) -> TaxComparisonView:
    """The last daily comparison with the tax office; what differs is at `/v1/differences`."""
    return comparison_view(await TaxComparison.of(commands.LAST))


@router.post("/tax-comparisons", status_code=status.HTTP_202_ACCEPTED)
async def compare(officer: CityBureau) -> TaxComparisonView:
    """Compare all statements with the tax office's now. 409 where none is connected."""

    async def ask(tx: Transaction) -> None:
        commands.ask_comparison(tx)

    await transact(ask)
    return comparison_view(await TaxComparison.of(commands.LAST))


async def _own(statement_id: str, caller: Caller, tx: Transaction | None = None) -> TaxStatement:
    found = await TaxStatement.of(statement_id, tx)
    if found is None or not may_see(caller, found.payer):
        raise NotFound("该申报", "the statement")
    return found

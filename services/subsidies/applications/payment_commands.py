"""From an approval to money: reserve it in the budget, owe it, and follow what became of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal

from services.subsidies.applications import events
from services.subsidies.applications.commands import move, store
from services.subsidies.applications.documents import NOBODY, Application
from services.subsidies.applications.rules import Move
from shared import clock
from shared.storage.transaction import Transaction

Outcome = Literal["paid", "failed", "returned", "recovered"]

STEPS: Final[dict[Outcome, Move]] = {"paid": "settle", "failed": "fail", "returned": "fail", "recovered": "recover"}


async def reserve(application: Application, amount: Decimal, tx: Transaction) -> None:
    """Reserve what was approved and owe it; where the budget is exhausted it waits in order."""
    if await _pay(application, amount, tx):
        move(application, "pay", NOBODY)
        return
    application.queued_at = clock.now()
    move(application, "queue", NOBODY)
    events.queued(application, amount, tx)


async def serve(application_id: str, tx: Transaction) -> None:
    """Owe what waited for money, now that there is some."""
    application = await Application.of(application_id, tx)
    if application is None or application.state != "queued" or application.amount is None:
        return
    if await _pay(application, application.amount, tx):
        application.queued_at = None
        move(application, "pay", NOBODY)
        await store(application, tx)


async def settle(application_id: str, outcome: Outcome, tx: Transaction) -> None:
    """Follow how what was owed for an application ended."""
    application = await Application.of(application_id, tx)
    if application is None:
        return
    move(application, STEPS[outcome], NOBODY)
    await store(application, tx)


async def supplement(application: Application, number: int, amount: Decimal, tx: Transaction) -> None:
    """Reserve and owe the rest of what an application is due, beside what was owed before; `number`: its decision's."""


async def claim_back(application: Application, amount: Decimal, tx: Transaction) -> None:
    """Claim back a part of what was paid, or all; what was not paid yet is not paid any more."""


async def _pay(application: Application, amount: Decimal, tx: Transaction) -> bool:
    """Reserve an amount in the budget and owe it; False where the budget is exhausted."""
    return True

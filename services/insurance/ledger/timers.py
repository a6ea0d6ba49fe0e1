"""Orders to be priced again."""

from __future__ import annotations

from typing import cast

from services.insurance.ledger import queries as ledger
from services.insurance.ledger import repricing
from services.insurance.ledger.documents import EntryRow, Sheet, SheetRow
from services.insurance.rates import commands
from services.insurance.rates.commands import PLATFORM, WORKER, SheetsToReprice, WorkerToReprice
from services.insurance.rates.pricing import book
from shared.messaging.timers import Due, work
from shared.storage.client import collection_of
from shared.storage.transaction import Transaction

SHEETS_AT_ONCE, ORDERS_AT_ONCE = 200, 3000


@work(WORKER, seconds=45)
async def reprice_worker(due: Due[WorkerToReprice]) -> list[EntryRow] | None:
    """Price a worker's orders again: the corrections that they need."""
    platform, worker_ref = due.payload.platform, due.payload.worker_ref
    known = (await book().read([platform]))[platform]
    charges: list[str] = []
    if known.first_month is not None and known.last_month is not None:
        charges = await ledger.of_worker(platform, worker_ref, known.first_month, known.last_month)
    return await repricing.corrections(platform, charges) if charges else None


@reprice_worker.store
async def correct_worker(due: Due[WorkerToReprice], made: list[EntryRow], tx: Transaction) -> None:
    await repricing.store(made, tx)
    if made:  # more may be left, or the terms have changed back meanwhile
        commands.reprice_worker(due.payload.platform, due.payload.worker_ref, tx)


@work(PLATFORM, seconds=45)
async def reprice_platform(due: Due[SheetsToReprice]) -> tuple[list[EntryRow], tuple[str, str] | None] | None:
    """Price the orders of a platform's next sheets again: the corrections that they need, and where to go on."""
    platform, month, after = due.payload.platform, due.payload.month, due.payload.after
    query = {"platform": platform, "month": month, "_id": {"$gt": after}, "charges": {"$gt": 0}}
    found = await collection_of(Sheet).find(query).sort("_id", 1).limit(SHEETS_AT_ONCE).to_list(None)
    sheets = cast(list[SheetRow], found)
    charges: list[str] = []
    last = after
    for sheet in sheets:
        if len(charges) >= ORDERS_AT_ONCE:
            break
        charges += ledger.orders_of(sheet)
        last = sheet["_id"]
    made = await repricing.corrections(platform, charges)
    if made:  # more may be left, or the terms have changed back meanwhile
        return made, (month, after)
    if charges:
        return made, (month, last)
    next_month = await ledger.month_with_sheets(platform, month)
    return made, (next_month, "") if next_month else None


@reprice_platform.store
async def correct_platform(
    due: Due[SheetsToReprice], found: tuple[list[EntryRow], tuple[str, str] | None], tx: Transaction
) -> None:
    made, following = found
    await repricing.store(made, tx)
    if following is not None:
        commands.reprice_platform(due.payload.platform, following[0], tx, after=following[1], key=due.key)

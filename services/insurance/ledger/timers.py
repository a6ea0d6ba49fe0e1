"""Orders to be priced again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from msgspec.structs import replace

from services.insurance.ledger import queries as ledger
from services.insurance.ledger import repricing
from services.insurance.ledger.documents import Sheet, SheetRow
from services.insurance.ledger.repricing import Corrections, name_of_terms
from services.insurance.rates import commands
from services.insurance.rates.commands import PLATFORM, WORKER, SheetsToReprice, WorkerToReprice
from services.insurance.rates.pricing import book
from shared.messaging.timers import Due, work
from shared.storage.client import collection_of
from shared.storage.transaction import Transaction

SHEETS_AT_ONCE, SHEETS_A_BATCH = 200, 10
LISTED = {"platform": 1, "refs": 1, "ids": 1, "charges": 1}
NONE = Corrections([], "")


@work(WORKER, seconds=45)
async def reprice_worker(due: Due[WorkerToReprice]) -> Corrections | None:
    """Price a worker's orders again: the corrections that they need. None where they are priced by the terms of now."""
    platform, worker_ref = due.payload.platform, due.payload.worker_ref
    known = (await book().read([platform]))[platform]
    if due.payload.by == name_of_terms(known, worker_ref):
        return None
    charges: list[str] = []
    if known.first_month is not None and known.last_month is not None:
        charges = await ledger.of_worker(platform, worker_ref, known.first_month, known.last_month)
    return await repricing.corrections(platform, charges, worker_ref) if charges else None


@reprice_worker.store
async def correct_worker(due: Due[WorkerToReprice], made: Corrections, tx: Transaction) -> None:
    await repricing.store(made.rows, tx)
    if made.rows:  # more may be left, or the terms have changed back meanwhile
        commands.reprice_worker(due.payload.platform, due.payload.worker_ref, tx, by=made.terms)


@work(PLATFORM, seconds=45)
async def reprice_platform(due: Due[SheetsToReprice]) -> tuple[Corrections, SheetsToReprice | None]:
    """Price the next orders of a platform again: the corrections that they need, and what is to be priced after them."""
    here = due.payload
    charges, following = _next(here, await _sheets(here))
    if not charges:
        month = await ledger.month_with_sheets(here.platform, here.month)
        return NONE, SheetsToReprice(here.platform, month, "") if month else None
    known = (await book().read([here.platform]))[here.platform]
    if here.by == name_of_terms(known, None):
        return NONE, following
    made = await repricing.corrections(here.platform, charges)
    # where any were made the terms may have changed back meanwhile
    return made, replace(here, by=made.terms) if made.rows else following


async def _sheets(here: SheetsToReprice) -> list[SheetRow]:
    """The next sheets that list as many orders as are priced in one go: one of a busy hour lists thousands."""
    query = {"platform": here.platform, "month": here.month, "_id": {"$gt": here.after}, "charges": {"$gt": 0}}
    found = collection_of(Sheet).find(query, LISTED).sort("_id", 1).limit(SHEETS_AT_ONCE).batch_size(SHEETS_A_BATCH)
    sheets: list[SheetRow] = []
    left = repricing.CORRECTIONS_AT_ONCE
    async for row in found:
        sheet = cast(SheetRow, row)
        sheets.append(sheet)
        left -= sheet["charges"] - (here.done if sheet["_id"] == here.sheet else 0)
        if left <= 0:
            break
    await found.close()
    return sheets


def _next(here: SheetsToReprice, sheets: Sequence[SheetRow]) -> tuple[list[str], SheetsToReprice]:
    """The charges that are priced in one go, no more than can be corrected in one, and the place behind them."""
    charges: list[str] = []
    place = replace(here, by="")
    for sheet in sheets:
        own = list(ledger.orders_of(sheet))
        begin = here.done if sheet["_id"] == here.sheet else 0
        end = begin + repricing.CORRECTIONS_AT_ONCE - len(charges)
        charges += own[begin:end]
        if end < len(own):
            return charges, replace(place, sheet=sheet["_id"], done=end)
        place = replace(place, after=sheet["_id"])
    return charges, place


@reprice_platform.store
async def correct_platform(
    due: Due[SheetsToReprice], found: tuple[Corrections, SheetsToReprice | None], tx: Transaction
) -> None:
    made, following = found
    await repricing.store(made.rows, tx)
    if following is not None:
        commands.go_on(following, tx, key=due.key)

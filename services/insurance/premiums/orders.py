"""Orders as the ledger has them, found by platform, worker and month: their charge, and what has corrected it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from services.insurance.footing.documents import Footing
from services.insurance.premiums import detail, ledger
from shared.policy import calendar
from shared.storage.client import Row

Whose = tuple[str, str | None]
"""A platform, and one of its workers by its own name for them (None: all)."""
Place = tuple[str, str, str, int]
"""Where a list goes on: platform, worker (empty: all), sheet, and how many of the sheet's orders have been shown."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order: its charge, the corrections in their order, the bill that takes the charge, and the worker where known."""

    charge: Row
    corrections: Sequence[Row]
    bill: str | None
    worker_id: str | None


async def page(whose: Sequence[Whose], month: str, after: Place | None, limit: int) -> tuple[list[Order], Place | None]:
    """A month's orders of these workers, at most `limit` after a place; and the place to go on from, None at the end."""
    found: list[tuple[str, Row]] = []
    place: Place | None = None
    async for charge_id, sheet, here in _listed(whose, month, after):
        if len(found) == limit:
            return await _read(found), place
        found.append((charge_id, sheet))
        place = here
    return await _read(found), None


async def _listed(whose: Sequence[Whose], month: str, after: Place | None) -> AsyncIterator[tuple[str, Row, Place]]:
    for platform, worker_ref in sorted(whose, key=lambda one: (one[0], one[1] or "")):
        name = (platform, worker_ref or "")
        if after is not None and name < after[:2]:
            continue
        query: Row = {"platform": platform, "month": month, "charges": {"$gt": 0}}
        if worker_ref is not None:
            query["refs"] = worker_ref
        at_place = after is not None and name == after[:2]
        if after is not None and at_place:
            query["_id"] = {"$gte": after[2]}
        async for sheet in detail.sheets(query):
            shown = after[3] if after is not None and at_place and sheet["_id"] == after[2] else 0
            for number, charge_id in enumerate(ledger.orders_of(sheet, worker_ref), 1):
                if number > shown:
                    yield charge_id, sheet, (*name, sheet["_id"], number)


async def _read(listed: Sequence[tuple[str, Row]]) -> list[Order]:
    charges = {entry["_id"]: entry for entry in await ledger.by_ids(charge_id for charge_id, _ in listed)}
    corrections = await ledger.corrections_of(list(charges))
    footings = {
        worker: await Footing.find({"platform": worker[0], "worker_ref": worker[1]}).to_list()
        for worker in {(entry["platform"], entry["worker_ref"]) for entry in charges.values()}
    }
    orders: list[Order] = []
    for charge_id, sheet in listed:
        charge = charges.get(charge_id)
        if charge is not None:
            known = footings[charge["platform"], charge["worker_ref"]]
            worker_id = _worker(known, calendar.shanghai_date(charge["finished_at"]))
            orders.append(Order(charge, corrections.get(charge_id, []), sheet["bill"], worker_id))
    return orders


def _worker(footings: Sequence[Footing], day: dt.date) -> str | None:
    """Who stands behind a platform's name for a worker on a day: by the last engagement begun by then, or the first."""
    ordered = sorted(footings, key=lambda footing: footing.started_on)
    begun = [footing for footing in ordered if footing.started_on <= day]
    return (begun[-1] if begun else ordered[0]).worker_id if ordered else None

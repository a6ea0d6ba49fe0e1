"""What the ledger holds: entries by their ids, corrections, sheets, and orders as they were charged."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import TypeVar, cast

from bson import Decimal128

from services.insurance.engagements.documents import Engagement
from services.insurance.ledger.documents import Entry, EntryRow, Sheet, SheetRow
from shared.policy import calendar
from shared.storage.client import Row, collection_of

SHEETS_AT_ONCE = 20
IDS_AT_ONCE = 250
"""Random ids in one query: many hundreds are slow on pip's database, and each query is a journey to a real one."""

T = TypeVar("T")


def parts(items: Iterable[T], size: int = IDS_AT_ONCE) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


async def by_ids(ids: Iterable[str]) -> list[EntryRow]:
    """The entries of these ids."""
    found: list[EntryRow] = []
    for part in parts(ids):
        found += cast(list[EntryRow], await collection_of(Entry).find({"_id": {"$in": part}}).to_list(None))
    return found


async def corrections_of(charges: Sequence[str]) -> dict[str, list[EntryRow]]:
    """The corrections that charges have had, in their order. They are found by their ids, the first of all, then the second."""
    found: dict[str, list[EntryRow]] = {}
    number, candidates = 1, list(charges)
    while candidates:
        rows = await by_ids(f"adj:{number}:{charge}" for charge in candidates)
        for row in rows:
            found.setdefault(row["corrects"], []).append(row)
        number, candidates = number + 1, [row["corrects"] for row in rows]
    return found


def orders_of(sheet: SheetRow, worker_ref: str | None = None) -> Iterator[str]:
    """The charges' ids on a sheet, of one worker or of all."""
    for ref, ids in zip(sheet["refs"], sheet["ids"], strict=True):
        if worker_ref is None or ref == worker_ref:
            yield from (f"{sheet['platform']}|{order_id}" for order_id in ids)


def listed_on(sheet: SheetRow) -> Iterator[str]:
    """The ids of all entries on a sheet, charges or corrections."""
    yield from orders_of(sheet)
    yield from sheet["corrections"]


async def of_worker(
    platform: str, worker_ref: str, first: str, last: str, around: dt.datetime | None = None
) -> list[str]:
    """The ids of a worker's charges from a month to another, both included; with `around`, only of sheets whose time takes
    in that instant."""
    wanted: Row = {"platform": platform, "month": {"$gte": first, "$lte": last}, "refs": worker_ref}
    if around is not None:
        wanted |= {"first": {"$lte": around}, "last": {"$gte": around}}
    rows = cast(
        list[SheetRow], await collection_of(Sheet).find(wanted, {"platform": 1, "refs": 1, "ids": 1}).to_list(None)
    )
    return [charge for row in rows for charge in orders_of(row, worker_ref)]


async def month_with_sheets(platform: str, after: str) -> str | None:
    """The first month behind another in which a platform has sheets. Orders may lie decades apart."""
    later = {"platform": platform, "month": {"$gt": after}}
    row = await collection_of(Sheet).find_one(later, {"month": 1}, sort=[("month", 1)])
    return row["month"] if row else None


def amount(row: EntryRow | SheetRow) -> Decimal:
    """The premium of a stored row, in yuan."""
    return yuan(row["premium"])


def yuan(premium: Decimal128) -> Decimal:
    """A stored premium, in yuan."""
    return _decimal(premium.bid)


@lru_cache(maxsize=1000)
def _decimal(bid: bytes) -> Decimal:
    # to_decimal costs as much as all else that is done for an order, and there are few different premiums
    return Decimal128.from_bid(bid).to_decimal()


async def sheets(query: Row) -> AsyncIterator[SheetRow]:
    """The sheets that fit, by month, read some at a time, so that many stay as light as a few."""
    collection = collection_of(Sheet)
    found = await collection.find(query, {"month": 1}).to_list(None)
    ids = [sheet_id for _, sheet_id in sorted((row["month"], row["_id"]) for row in found)]
    for part in parts(ids, SHEETS_AT_ONCE):
        for sheet in await collection.find({"_id": {"$in": part}}).sort([("month", 1), ("_id", 1)]).to_list(None):
            yield cast(SheetRow, sheet)


async def sheets_of_bill(bill_id: str, platform: str, month: str) -> AsyncIterator[SheetRow]:
    """The sheets that a bill has taken, those of earlier months first."""
    async for sheet in sheets({"platform": platform, "month": {"$lte": month}, "bill": bill_id}):
        yield sheet


Whose = tuple[str, str | None]
"""A platform, and one of its workers by its own name for them (None: all)."""


Place = tuple[str, str, str, int]
"""Where a list goes on: platform, worker (empty: all), sheet, and how many of the sheet's orders have been shown."""


@dataclass(frozen=True, slots=True)
class ChargedOrder:
    """One order: its charge, the corrections in their order, the bill that takes the charge, and the worker where known."""

    charge: EntryRow
    corrections: Sequence[EntryRow]
    bill: str | None
    worker_id: str | None


async def page(
    whose: Sequence[Whose], month: str, after: Place | None, limit: int
) -> tuple[list[ChargedOrder], Place | None]:
    """A month's orders of these workers, at most `limit` after a place; and the place to go on from, None at the end."""
    found: list[tuple[str, SheetRow]] = []
    place: Place | None = None
    async for charge_id, sheet, here in _listed(whose, month, after):
        if len(found) == limit:
            return await _read(found), place
        found.append((charge_id, sheet))
        place = here
    return await _read(found), None


async def _listed(
    whose: Sequence[Whose], month: str, after: Place | None
) -> AsyncIterator[tuple[str, SheetRow, Place]]:
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
        async for sheet in sheets(query):
            shown = after[3] if after is not None and at_place and sheet["_id"] == after[2] else 0
            for number, charge_id in enumerate(orders_of(sheet, worker_ref), 1):
                if number > shown:
                    yield charge_id, sheet, (*name, sheet["_id"], number)


async def _read(listed: Sequence[tuple[str, SheetRow]]) -> list[ChargedOrder]:
    charges = {entry["_id"]: entry for entry in await by_ids(charge_id for charge_id, _ in listed)}
    corrections = await corrections_of(list(charges))
    engagements = {
        worker: await Engagement.find({"platform": worker[0], "worker_ref": worker[1]}).to_list()
        for worker in {(entry["platform"], entry["worker_ref"]) for entry in charges.values()}
    }
    orders: list[ChargedOrder] = []
    for charge_id, sheet in listed:
        charge = charges.get(charge_id)
        if charge is not None:
            known = engagements[charge["platform"], charge["worker_ref"]]
            worker_id = _worker(known, calendar.shanghai_date(charge["finished_at"]))
            orders.append(ChargedOrder(charge, corrections.get(charge_id, []), sheet["bill"], worker_id))
    return orders


def _worker(engagements: Sequence[Engagement], day: dt.date) -> str | None:
    """Who stands behind a platform's name for a worker on a day: by the last engagement begun by then, or the first."""
    ordered = sorted(engagements, key=lambda engagement: engagement.started_on)
    begun = [engagement for engagement in ordered if engagement.started_on <= day]
    return (begun[-1] if begun else ordered[0]).worker_id if ordered else None

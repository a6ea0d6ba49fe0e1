"""Writing the ledger: entries first, then the sheets that list them.

Why nothing is lost and nothing counted twice, although no transaction holds the two together (one would cost four fifths
of the speed): an entry names its sheet, and counts only where that sheet exists. A process that dies between the two
leaves entries without a sheet; since its offsets were not committed, their orders come again, and whoever then finds
them puts them on a sheet of its own. Before it does, it stores the missing sheet as void: a writer that was not dead but
slow cannot store it any more, and starts its batch again. Of several finders, each entry goes with the one that moved it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from bson import Decimal128
from pymongo.errors import DuplicateKeyError

from services.insurance.premiums.documents import Entry, Sheet
from services.insurance.premiums.rates import ZERO
from shared.storage import bulk
from shared.storage.client import Row, collection_of

IDS_AT_ONCE = 250
"""Random ids in one query: many hundreds are slow on pip's database, and each query is a journey to a real one."""

T = TypeVar("T")


def parts(items: Iterable[T], size: int = IDS_AT_ONCE) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


async def insert_new(entries: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Store those entries whose id is not there yet: the ones stored, and the ones that were there."""
    there = await bulk.insert_new(Entry, entries)
    if not there:
        return list(entries), []
    stored = [entry for index, entry in enumerate(entries) if index not in there]
    return stored, [entry for index, entry in enumerate(entries) if index in there]


async def write_sheets(entries: Iterable[Row]) -> None:
    """Store the sheets that these charges name. Raises `SheetTaken` where another process took this one for dead."""
    by_sheet: dict[str, list[Row]] = {}
    for entry in entries:
        by_sheet.setdefault(entry["sheet"], []).append(entry)
    if not by_sheet:
        return
    if await bulk.insert_new(Sheet, [sheet_of(name, rows) for name, rows in by_sheet.items()]):
        raise SheetTaken("the batch is taken again")


class SheetTaken(ConnectionError):
    """The sheet was made void meanwhile. It passes by itself: the same orders, taken again, are found in the ledger."""


def sheet_of(name: str, rows: Sequence[Row]) -> Row:
    """The sheet that lists these charges of one platform and month, as it is stored."""
    by_worker: dict[str, list[str]] = {}
    premium = ZERO
    for row in rows:
        by_worker.setdefault(row["worker_ref"], []).append(row["_id"].partition("|")[2])
        premium += amount(row)
    return {
        "_id": name,
        "platform": rows[0]["platform"],
        "month": rows[0]["month"],
        "bill": None,
        "charges": len(rows),
        "orders": sum(row["orders"] for row in rows),
        "premium": Decimal128(premium),
        "refs": list(by_worker),
        "ids": list(by_worker.values()),
        "corrections": [],
        "first": min(row["taken_at"] for row in rows),
        "last": max(row["finished_at"] for row in rows),
    }


async def by_ids(ids: Iterable[str]) -> list[Row]:
    """The entries of these ids."""
    found: list[Row] = []
    for part in parts(ids):
        found += await collection_of(Entry).find({"_id": {"$in": part}}).to_list(None)
    return found


async def corrections_of(charges: Sequence[str]) -> dict[str, list[Row]]:
    """The corrections that charges have had, in their order. They are found by their ids, the first of all, then the second."""
    found: dict[str, list[Row]] = {}
    number, candidates = 1, list(charges)
    while candidates:
        rows = await by_ids(f"adj:{number}:{charge}" for charge in candidates)
        for row in rows:
            found.setdefault(row["corrects"], []).append(row)
        number, candidates = number + 1, [row["corrects"] for row in rows]
    return found


async def take_up(entries: Sequence[Row], sheets: dict[tuple[str, str], str]) -> list[Row]:
    """Of stored charges, move those whose sheet was never written to new ones; returns those that this call moved.

    `sheets` are the ids of the new sheets by platform and month; the caller writes them.
    """
    lost = await _lost_sheets({entry["sheet"] for entry in entries})
    groups: dict[tuple[str, str], list[Row]] = {}
    for entry in entries:
        if entry["sheet"] in lost:
            new = sheets[entry["platform"], entry["month"]]
            groups.setdefault((entry["sheet"], new), []).append(entry)
    moved: list[Row] = []
    ledger = collection_of(Entry)
    for (old, new), rows in groups.items():
        for part in parts(rows):
            ids = [row["_id"] for row in part]
            await ledger.update_many({"_id": {"$in": ids}, "sheet": old}, {"$set": {"sheet": new}})
            won = {
                row["_id"] for row in await ledger.find({"_id": {"$in": ids}, "sheet": new}, {"_id": 1}).to_list(None)
            }
            moved += [{**row, "sheet": new} for row in part if row["_id"] in won]
    return moved


async def _lost_sheets(names: set[str]) -> set[str]:
    """Those of the sheets that do not exist, and from now on never will."""
    collection = collection_of(Sheet)
    lost: set[str] = set()
    for part in parts(names):
        rows = await collection.find({"_id": {"$in": part}}, {"void": 1}).to_list(None)
        there = {row["_id"]: bool(row.get("void")) for row in rows}
        for name in part:
            if name not in there:
                there[name] = await _make_void(name)
            if there[name]:
                lost.add(name)
    return lost


async def _make_void(name: str) -> bool:
    collection = collection_of(Sheet)
    try:
        await collection.insert_one({"_id": name, "void": True})
        return True
    except DuplicateKeyError:
        row = await collection.find_one({"_id": name}, {"void": 1})
        return bool(row and row.get("void"))


def orders_of(sheet: Row, worker_ref: str | None = None) -> Iterator[str]:
    """The charges' ids on a sheet, of one worker or of all."""
    for ref, ids in zip(sheet["refs"], sheet["ids"], strict=True):
        if worker_ref is None or ref == worker_ref:
            yield from (f"{sheet['platform']}|{order_id}" for order_id in ids)


def listed_on(sheet: Row) -> Iterator[str]:
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
    rows = await collection_of(Sheet).find(wanted, {"platform": 1, "refs": 1, "ids": 1}).to_list(None)
    return [charge for row in rows for charge in orders_of(row, worker_ref)]


async def month_with_sheets(platform: str, after: str) -> str | None:
    """The first month behind another in which a platform has sheets. Orders may lie decades apart."""
    later = {"platform": platform, "month": {"$gt": after}}
    row = await collection_of(Sheet).find_one(later, {"month": 1}, sort=[("month", 1)])
    return row["month"] if row else None


def amount(row: Row) -> Decimal:
    """The premium of a stored row, in yuan."""
    return _decimal(row["premium"].bid)


@lru_cache(maxsize=1000)
def _decimal(bid: bytes) -> Decimal:
    # to_decimal costs as much as all else that is done for an order, and there are few different premiums
    return Decimal128.from_bid(bid).to_decimal()

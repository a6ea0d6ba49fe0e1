"""Writing the ledger: entries first, then the sheets that list them.

Why nothing is lost and nothing counted twice, although no transaction holds the two together (one would cost four fifths
of the speed): an entry names its sheet, and counts only where that sheet exists. A process that dies between the two
leaves entries without a sheet; since its offsets were not committed, their orders come again, and whoever then finds
them puts them on a sheet of its own. Before it does, it stores the missing sheet as void: a writer that was not dead but
slow cannot store it any more, and starts its batch again. Of several finders, each entry goes with the one that moved it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bson import Decimal128
from pymongo.errors import DuplicateKeyError

from services.insurance.ledger.documents import Entry, EntryRow, Sheet, SheetRow
from services.insurance.ledger.queries import amount, parts
from services.insurance.rates.rules import ZERO
from shared.storage import bulk
from shared.storage.client import collection_of


async def insert_new(entries: Sequence[EntryRow]) -> tuple[list[EntryRow], list[EntryRow]]:
    """Store those entries whose id is not there yet: the ones stored, and the ones that were there."""
    there = await bulk.insert_new(Entry, entries)
    if not there:
        return list(entries), []
    stored = [entry for index, entry in enumerate(entries) if index not in there]
    return stored, [entry for index, entry in enumerate(entries) if index in there]


async def write_sheets(entries: Iterable[EntryRow]) -> None:
    """Store the sheets that these charges name. Raises `SheetTaken` where another process took this one for dead."""
    by_sheet: dict[str, list[EntryRow]] = {}
    for entry in entries:
        by_sheet.setdefault(entry["sheet"], []).append(entry)
    if not by_sheet:
        return
    if await bulk.insert_new(Sheet, [sheet_of(name, rows) for name, rows in by_sheet.items()]):
        raise SheetTaken("the batch is taken again")


class SheetTaken(ConnectionError):
    """The sheet was made void meanwhile. It passes by itself: the same orders, taken again, are found in the ledger."""


def sheet_of(name: str, rows: Sequence[EntryRow]) -> SheetRow:
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
        "first": min(row["taken_at"] or row["finished_at"] for row in rows),
        "last": max(row["finished_at"] for row in rows),
    }


async def adopt(entries: Sequence[EntryRow], sheets: dict[tuple[str, str], str]) -> list[EntryRow]:
    """Of stored charges, move those whose sheet was never written to new ones; returns those that this call moved.

    `sheets` are the ids of the new sheets by platform and month; the caller writes them.
    """
    lost = await _lost_sheets({entry["sheet"] for entry in entries})
    groups: dict[tuple[str, str], list[EntryRow]] = {}
    for entry in entries:
        if entry["sheet"] in lost:
            new = sheets[entry["platform"], entry["month"]]
            groups.setdefault((entry["sheet"], new), []).append(entry)
    moved: list[EntryRow] = []
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

"""What a bill is made of, entry by entry: its sheets name them. A few sheets at a time are in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from services.insurance.premiums import ledger
from services.insurance.premiums.documents import Bill, Sheet
from shared.policy.calendar import SHANGHAI
from shared.storage.client import Row, collection_of
from shared.web.tables import Cell

COLUMNS = (
    "order_id", "worker_ref", "finished_at", "month", "district", "industry",
    "orders", "rate", "premium", "law", "reason", "correction_of",
)  # fmt: skip
SHEETS_AT_ONCE = 20


async def sheets_of(bill: Bill) -> AsyncIterator[Row]:
    """A bill's sheets, those of earlier months first."""
    async for sheet in sheets({"platform": bill.platform, "month": {"$lte": bill.month}, "bill": bill.id}):
        yield sheet


async def sheets(query: Row) -> AsyncIterator[Row]:
    """The sheets that fit, by month, read some at a time, so that many stay as light as a few."""
    collection = collection_of(Sheet)
    found = await collection.find(query, {"month": 1}).to_list(None)
    ids = [sheet_id for _, sheet_id in sorted((row["month"], row["_id"]) for row in found)]
    for part in ledger.parts(ids, SHEETS_AT_ONCE):
        for sheet in await collection.find({"_id": {"$in": part}}).sort([("month", 1), ("_id", 1)]).to_list(None):
            yield sheet


async def rows(bill: Bill) -> AsyncIterator[Sequence[Cell]]:
    """A bill's entries as rows of a table under `COLUMNS`."""
    async for sheet in sheets_of(bill):
        for part in ledger.parts(ledger.listed_on(sheet)):
            found = {entry["_id"]: entry for entry in await ledger.by_ids(part)}
            for entry_id in part:
                if entry_id in found:
                    yield _cells(found[entry_id])


def _cells(entry: Row) -> Sequence[Cell]:
    charge = entry.get("corrects") or entry["_id"]
    premium = ledger.amount(entry)
    rate = entry["rate"].to_decimal() if entry.get("corrects") else premium
    order_id = charge.partition("|")[2]
    return (
        order_id,
        entry["worker_ref"],
        entry["finished_at"].astimezone(SHANGHAI).isoformat(timespec="seconds"),
        entry["month"],
        entry["district"],
        entry["industry"],
        entry["orders"],
        rate,
        premium,
        entry["law"],
        entry["reason"],
        order_id if entry.get("corrects") else None,
    )

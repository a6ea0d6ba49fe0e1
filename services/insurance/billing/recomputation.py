"""Calculating again, from the ledger's entries and the rules alone, what sheets and bills say, and where they differ.

No sum that is stored is used: entries are read one by one, each order's price is calculated anew from the law and the terms
as they are known now, and its charge with all corrections must come to it. While orders come in, are priced again or a
bill is filled, a difference may show that is gone a moment later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.insurance.billing.documents import Bill, Part
from services.insurance.engagements.documents import Platform
from services.insurance.ledger import queries as ledger
from services.insurance.ledger.documents import Entry, EntryRow, Sheet, SheetRow
from services.insurance.ledger.queries import sheets
from services.insurance.rates.pricing import book
from services.insurance.rates.rules import ZERO, PricingTerms, price
from shared.contracts.base import to_fen
from shared.policy import calendar
from shared.storage.client import Row, collection_of

LISTED_MOST = 1000
"""Differences that are listed; more are only counted."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is kept otherwise than it is calculated: `of` a bill, a sheet or an entry, by its id."""

    of: str
    what: str
    kept: str
    calculated: str


@dataclass(slots=True)
class Recomputed:
    """What bills or sheets come to by their entries, and how that differs from what is kept."""

    charged: Part = field(default_factory=Part)
    corrected: Part = field(default_factory=Part)
    late_orders: int = 0
    differences: list[Difference] = field(default_factory=list)
    count: int = 0

    @property
    def orders(self) -> int:
        return self.charged.orders + self.corrected.orders

    @property
    def premium(self) -> Decimal:
        """Yuan, rounded half up to the fen."""
        return to_fen(self.charged.premium + self.corrected.premium)

    def compare(self, of: str, what: str, kept: Any, calculated: Any) -> None:
        """Note a difference, if there is one."""
        if kept != calculated:
            self.count += 1
            if len(self.differences) < LISTED_MOST:
                self.differences.append(Difference(of, what, str(kept), str(calculated)))


async def bill(kept: Bill) -> Recomputed:
    """Calculate an issued bill again, entry by entry."""
    found = await _taken_by(kept)
    for what in ("orders", "late_orders", "premium"):
        found.compare(kept.id, what, getattr(kept, what), getattr(found, what))
    for name, part, calculated in (
        ("charged", kept.charged, found.charged),
        ("corrected", kept.corrected, found.corrected),
    ):
        for what in ("entries", "orders", "premium"):
            found.compare(kept.id, f"{name}.{what}", getattr(part, what), getattr(calculated, what))
    return found


async def no_bill(platform: str, month: str) -> Recomputed:
    """Calculate again what a month's closing found where it left no bill: it must come to nothing."""
    found = await _taken_by(Bill(id=f"{platform}|{month}", platform=platform, month=month))
    found.compare(f"{platform}|{month}", "orders", 0, found.orders)
    found.compare(f"{platform}|{month}", "premium", to_fen(ZERO), found.premium)
    return found


async def unbilled(platform: str, month: str) -> Recomputed:
    """Calculate again what no bill has taken yet of a platform's month."""
    found = Recomputed()
    async for sheet in sheets({"platform": platform, "month": month, "bill": None}):
        await _add_sheet(sheet, month, found)
    return found


async def unlisted(month: str, platform: str | None) -> Recomputed:
    """Find a month's entries that stand on no sheet, by one look at the whole ledger."""
    found = Recomputed()
    wanted = {"month": month} | ({"platform": platform} if platform else {})
    counts: list[Row] = [{"$match": wanted}, {"$group": {"_id": "$sheet", "entries": {"$sum": 1}}}]
    rows = await collection_of(Entry).aggregate(counts).to_list(None)
    for part in ledger.parts(rows):
        ids = {"_id": {"$in": [row["_id"] for row in part]}}
        sheets = await collection_of(Sheet).find(ids, {"charges": 1, "corrections": 1}).to_list(None)
        listed = {sheet["_id"]: sheet.get("charges", 0) + len(sheet.get("corrections", ())) for sheet in sheets}
        for row in part:
            found.compare(row["_id"], "entries listed", listed.get(row["_id"], 0), row["entries"])
    return found


async def platforms_of(month: str, platform: str | None) -> list[str]:
    """The platforms that have orders in a month, or before it."""
    wanted: Row = {"first_month": {"$lte": month}} if platform is None else {"_id": platform}
    return sorted(row["_id"] for row in await collection_of(Platform).find(wanted, {"_id": 1}).to_list(None))


async def _taken_by(kept: Bill) -> Recomputed:
    found = Recomputed()
    async for sheet in ledger.sheets_of_bill(kept.id, kept.platform, kept.month):
        await _add_sheet(sheet, kept.month, found)
    return found


async def _add_sheet(sheet: SheetRow, month: str, found: Recomputed) -> None:
    terms = (await book().read([sheet["platform"]]))[sheet["platform"]].terms
    charged, corrected = Part(), Part()
    for ids in ledger.parts(ledger.listed_on(sheet)):
        entries = {entry["_id"]: entry for entry in await ledger.by_ids(ids)}
        for entry_id in ids:
            found.compare(entry_id, "is in the ledger", "no" if entry_id not in entries else "yes", "yes")
        for entry in entries.values():
            _check_entry(entry, sheet, found)
            part = corrected if entry.get("corrects") else charged
            part.add(1, entry["orders"], ledger.amount(entry))
        await _check_orders(entries, terms, found)
    orders, premium = charged.orders + corrected.orders, charged.premium + corrected.premium
    found.compare(sheet["_id"], "charges", sheet["charges"], charged.entries)
    found.compare(sheet["_id"], "orders", sheet["orders"], orders)
    found.compare(sheet["_id"], "premium", ledger.amount(sheet), premium)
    found.charged.add(charged.entries, charged.orders, charged.premium)
    found.corrected.add(corrected.entries, corrected.orders, corrected.premium)
    if sheet["month"] != month:
        found.late_orders += orders


def _check_entry(entry: EntryRow, sheet: SheetRow, found: Recomputed) -> None:
    found.compare(entry["_id"], "sheet", entry["sheet"], sheet["_id"])
    found.compare(entry["_id"], "platform", entry["platform"], sheet["platform"])
    found.compare(entry["_id"], "month", entry["month"], sheet["month"])
    found.compare(entry["_id"], "month", entry["month"], calendar.month_of(entry["finished_at"]))


async def _check_orders(entries: dict[str, EntryRow], terms: PricingTerms, found: Recomputed) -> None:
    """Compare what orders' charges and corrections come to with their price by the rules."""
    charges = {entry_id: entry for entry_id, entry in entries.items() if not entry.get("corrects")}
    others = {other for entry in entries.values() if (other := entry.get("corrects"))} - charges.keys()
    charges |= {entry["_id"]: entry for entry in await ledger.by_ids(others)}
    corrections = await ledger.corrections_of(list(charges))
    for charge_id, charge in charges.items():
        due = price(
            terms,
            charge["worker_ref"],
            calendar.shanghai_date(charge["finished_at"]),
            charge["industry"],
            charge["district"],
        )
        orders, premium = _sum([charge, *corrections.get(charge_id, ())])
        found.compare(charge_id, "order charged", orders, due.orders)
        found.compare(charge_id, "premium of the order", premium, due.premium)


def _sum(rows: Sequence[EntryRow]) -> tuple[int, Decimal]:
    return sum(row["orders"] for row in rows), sum((ledger.amount(row) for row in rows), ZERO)

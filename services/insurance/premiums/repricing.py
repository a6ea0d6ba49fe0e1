"""Pricing again what a late fact touches: an engagement, its correction or its end, a class or a rate, that came after orders.

Corrections are entries of their own, on a sheet of their own, stored in one transaction. The n-th correction of an order
has an id that only one writer can store: of two that correct the same order at once, the second starts again. A writer
reads the entries before the terms; so one that reads old terms has read its entries before the change was stored, and
either meets the change's own pricing at that id or is seen by it, or the change's own pricing found nothing to correct: a
rate was put back, and the old terms were those between. So whoever has corrected anything looks once more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from bson import Decimal128

from services.insurance.footing.documents import Platform
from services.insurance.premiums import ledger
from services.insurance.premiums.book import book, classes_of
from services.insurance.premiums.documents import Entry, Sheet
from services.insurance.premiums.rates import ZERO
from services.insurance.premiums.rules import Cause, Terms, correction, first_difference, price
from shared import clock
from shared.contracts.base import money, to_fen
from shared.contracts.insurance import PremiumAdjusted
from shared.ids import new_id
from shared.policy.calendar import SHANGHAI
from shared.storage.client import Row
from shared.storage.transaction import Transaction

WORKER, PLATFORM = "insurance.reprice_worker", "insurance.reprice_platform"
CORRECTIONS_AT_ONCE = 500
"""Corrections stored in one transaction; what is left is found by the next look."""


def reprice_worker(platform: str, worker_ref: str, tx: Transaction) -> None:
    """Price all orders of a platform's worker again, once this transaction is stored."""
    tx.schedule(WORKER, f"{platform}|{worker_ref}", clock.now(), platform=platform, worker_ref=worker_ref)


def reprice_platform(platform: str, since: str, tx: Transaction, *, after: str = "", key: str | None = None) -> None:
    """Price a platform's orders again from a month on, sheet by sheet. Each change has a key of its own, and is done whole."""
    tx.schedule(PLATFORM, key or new_id(), clock.now(), platform=platform, month=since, after=after)


def reprice_classes(platform: str, before: Row, after: Row, tx: Transaction) -> None:
    """Price again what a change of a platform's classes touches; the rows are the platform's before and after it."""
    first, last = after.get("first_month"), after.get("last_month")
    if first is None or last is None:
        return  # no order is in the ledger; those under way look at the change themselves
    since = first_difference((first, last), Terms(*classes_of(before)), Terms(*classes_of(after)))
    if since is not None:
        reprice_platform(platform, since, tx)


async def reprice_since(month: str, platform: str | None, tx: Transaction) -> list[str]:
    """Price the orders of a platform, or of all, again from a month on: after a rate was published late. Returns whose."""
    wanted: Row = {"last_month": {"$gte": month}} if platform is None else {"_id": platform}
    priced: list[str] = []
    for row in await tx.rows(Platform, wanted):
        if row.get("first_month") is not None and row["last_month"] >= month:
            reprice_platform(row["_id"], max(month, row["first_month"]), tx)
            priced.append(row["_id"])
    return priced


async def corrections(platform: str, charges: Iterable[str]) -> list[Row]:
    """The corrections that these charges of a platform need, at most `CORRECTIONS_AT_ONCE`, ready to be stored."""
    entries = {entry["_id"]: entry for entry in await ledger.by_ids(charges)}
    earlier = await ledger.corrections_of(list(entries))
    terms = (await book().read([platform]))[platform].terms  # after the entries: see above
    made: list[Row] = []
    for charge_id, entry in entries.items():
        needed = correction_of(entry, earlier.get(charge_id, []), terms)
        if needed is not None:
            made.append(needed)
        if len(made) == CORRECTIONS_AT_ONCE:
            break
    return made


def correction_of(entry: Row, earlier: Sequence[Row], terms: Terms) -> Row | None:
    """The correction that a charge needs after earlier ones, as it is stored but for its sheet; None where it needs none."""
    day = entry["finished_at"].astimezone(SHANGHAI).date()
    due = price(terms, entry["worker_ref"], day, entry["industry"], entry["district"])
    last = earlier[-1] if earlier else entry
    sums = [(row["orders"], ledger.amount(row)) for row in (entry, *earlier)]
    change = correction(sums, due, reason=last["reason"], law=last["law"])
    if change is None:
        return None
    orders, premium, cause = change
    kept = ("platform", "worker_ref", "month", "industry", "district", "finished_at")
    return {
        "_id": f"adj:{len(earlier) + 1}:{entry['_id']}",
        "corrects": entry["_id"],
        **{name: entry[name] for name in kept},
        "taken_at": None,
        "orders": orders,
        "premium": Decimal128(premium),
        "rate": Decimal128(due.premium),
        "law": due.law,
        "reason": cause,
    }


async def store(made: Sequence[Row], tx: Transaction) -> None:
    """Store corrections of one platform on sheets of their own, and tell what they come to."""
    if not made:
        return
    by_month: dict[str, list[Row]] = {}
    for row in made:
        by_month.setdefault(row["month"], []).append(row)
    platform = made[0]["platform"]
    sheets, entries = [], []
    for month, rows in by_month.items():
        sheet = sheet_of(platform, month, rows)
        sheets.append(sheet)
        entries += [{**row, "sheet": sheet["_id"]} for row in rows]
    tx.insert_rows(Entry, entries)
    tx.insert_rows(Sheet, sheets)
    causes: tuple[Cause, ...] = get_args(Cause)
    for cause in causes:
        if rows := [row for row in made if row["reason"] == cause]:
            total = _Sum.of(rows)
            premium = money(to_fen(total.premium))
            tx.tell(PremiumAdjusted(platform=platform, orders=total.orders, premium=premium, reason=cause))


def sheet_of(platform: str, month: str, rows: Sequence[Row]) -> Row:
    """The sheet that lists these corrections, as it is stored."""
    total = _Sum.of(rows)
    at: dt.datetime = clock.now()
    return {
        "_id": new_id(),
        "platform": platform,
        "month": month,
        "bill": None,
        "charges": 0,
        "orders": total.orders,
        "premium": Decimal128(total.premium),
        "refs": [],
        "ids": [],
        "corrections": [row["_id"] for row in rows],
        "first": at,
        "last": at,
    }


@dataclass(frozen=True, slots=True)
class _Sum:
    orders: int
    premium: Decimal

    @classmethod
    def of(cls, rows: Sequence[Row]) -> _Sum:
        return cls(sum(row["orders"] for row in rows), sum((ledger.amount(row) for row in rows), ZERO))

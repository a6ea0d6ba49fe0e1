"""Pricing again what a late fact touches: an engagement, its correction or its end, a class or a rate, that came after orders.

Corrections are entries of their own, on a sheet of their own, stored in one transaction. The n-th correction of an order
has an id that only one writer can store: of two that correct the same order at once, the second starts again. A writer
reads the entries before the terms; so one that reads old terms has read its entries before the change was stored, and
either meets the change's own pricing at that id or is seen by it, or the change's own pricing found nothing to correct: a
rate was put back, and the old terms were those between. So whoever has corrected anything looks at the terms once more, and
at the orders too where these are others now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import get_args

from bson import Decimal128

from services.insurance.ledger import queries as ledger
from services.insurance.ledger.documents import Entry, EntryRow, Sheet, SheetRow
from services.insurance.rates.pricing import Known, book
from services.insurance.rates.rules import ZERO, Cause, PricingTerms, correction, price, rates_of_the_law
from shared import clock
from shared.contracts.base import money, to_fen
from shared.contracts.insurance import PremiumAdjusted
from shared.ids import new_id
from shared.policy.calendar import SHANGHAI
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction

CORRECTIONS_AT_ONCE = 500
"""Corrections stored in one transaction; what is left is found by the next look."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What charges need, ready to be stored. `terms` names the terms that all of them are priced by now; empty where some are left."""

    rows: list[EntryRow]
    terms: str


async def corrections(platform: str, charges: Iterable[str], worker_ref: str | None = None) -> Corrections:
    """The corrections that these charges of a platform need (those of one worker), at most `CORRECTIONS_AT_ONCE`."""
    entries = {entry["_id"]: entry for entry in await ledger.by_ids(charges)}
    earlier = await ledger.corrections_of(list(entries))
    known = (await book().read([platform]))[platform]  # after the entries: see above
    made: list[EntryRow] = []
    for charge_id, entry in entries.items():
        needed = correction_of(entry, earlier.get(charge_id, []), known.terms)
        if needed is None:
            continue
        if len(made) == CORRECTIONS_AT_ONCE:
            return Corrections(made, "")
        made.append(needed)
    return Corrections(made, name_of_terms(known, worker_ref))


def name_of_terms(known: Known, worker_ref: str | None) -> str:
    """A name for what prices a platform's orders, or one worker's, with the rates of the law: terms of the same name price alike, also
    in a process of another version, whose rates may be others."""
    terms = known.terms
    own: object = known.change
    if worker_ref is not None:
        own = (
            terms.declared,
            terms.assigned,
            sorted(terms.employed.get(worker_ref, ()), key=repr),
            sorted(terms.rates.items()),
        )
    return blake2b(repr((rates_of_the_law(parameters.edition), own)).encode(), digest_size=16).hexdigest()


def correction_of(entry: EntryRow, earlier: Sequence[EntryRow], terms: PricingTerms) -> EntryRow | None:
    """The correction that a charge needs after earlier ones, as it is stored but for its sheet; None where it needs none."""
    day = entry["finished_at"].astimezone(SHANGHAI).date()
    due = price(terms, entry["worker_ref"], day, entry["industry"], entry["district"])
    last = earlier[-1] if earlier else entry
    sums = [(row["orders"], ledger.amount(row)) for row in (entry, *earlier)]
    change = correction(sums, due, reason=last["reason"], law=last["law"])
    if change is None:
        return None
    orders, premium, cause = change
    return {
        "_id": f"adj:{len(earlier) + 1}:{entry['_id']}",
        "corrects": entry["_id"],
        "platform": entry["platform"],
        "worker_ref": entry["worker_ref"],
        "month": entry["month"],
        "industry": entry["industry"],
        "district": entry["district"],
        "finished_at": entry["finished_at"],
        "taken_at": None,
        "orders": orders,
        "premium": Decimal128(premium),
        "rate": Decimal128(due.premium),
        "law": due.law,
        "reason": cause,
    }


async def store(made: Sequence[EntryRow], tx: Transaction) -> None:
    """Store corrections of one platform on sheets of their own, and publish what they come to."""
    if not made:
        return
    by_month: dict[str, list[EntryRow]] = {}
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
            tx.publish(PremiumAdjusted(platform=platform, orders=total.orders, premium=premium, reason=cause))


def sheet_of(platform: str, month: str, rows: Sequence[EntryRow]) -> SheetRow:
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
    def of(cls, rows: Sequence[EntryRow]) -> _Sum:
        return cls(sum(row["orders"] for row in rows), sum((ledger.amount(row) for row in rows), ZERO))

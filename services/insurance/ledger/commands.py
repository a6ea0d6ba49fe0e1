"""Orders in bulk: each becomes an entry of the ledger, once.

What prices an order may change while its batch is written. So the platforms' terms are read before the entries are
stored and once more after their sheets are: where a number of changes has moved, workers whose orders cost something
else now are priced again. A change stored later than that second look finds the sheets when it prices again itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from bson import Decimal128

from services.insurance.engagements.documents import Platform
from services.insurance.ledger import queries as ledger
from services.insurance.ledger.documents import EntryRow
from services.insurance.ledger.sheets import adopt, insert_new, write_sheets
from services.insurance.rates.commands import reprice_worker
from services.insurance.rates.pricing import Known, book
from services.insurance.rates.rules import Price, price
from shared.contracts.base import CloudEvent
from shared.contracts.platform import OrderFinished, platform_of
from shared.ids import new_id
from shared.policy.calendar import SHANGHAI
from shared.storage.client import collection_of
from shared.storage.transaction import Transaction, transact

Sheets = dict[tuple[str, str], str]
Worker = tuple[str, str]


async def charge(events: Sequence[CloudEvent[OrderFinished]]) -> None:
    """Charge a batch of orders. A batch may come again, whole or cut otherwise: an order is charged once."""
    platforms = {platform_of(event.source) for event in events}
    known = await book().read(platforms)
    before = {uscc: one.change for uscc, one in known.items()}
    sheets: Sheets = {}
    entries = make_entries(events, known, sheets)
    await _extend_months(known, sheets)
    stored, repeated = await insert_new(entries)
    suspects: set[Worker] = set()
    if repeated:
        moved, suspects = await _look_at_repeated(stored, repeated, sheets)
        stored += moved
    await write_sheets(stored)
    known = await book().read(platforms)
    if changed := {uscc for uscc, one in known.items() if one.change != before[uscc]}:
        suspects |= _mispriced([entry for entry in entries if entry["platform"] in changed], known)
    if suspects:
        await transact(lambda tx: _price_again(suspects, tx))


def make_entries(
    events: Sequence[CloudEvent[OrderFinished]], known: Mapping[str, Known], sheets: Sheets
) -> list[EntryRow]:
    """The entries of a batch, as they are stored. Adds an id to `sheets` for each platform and month it meets.

    Plain rows and few calls: an hour's orders go through here in seconds.
    """
    entries: list[EntryRow] = []
    for event in events:
        order, platform = event.data, platform_of(event.source)
        day = order.finished_at.astimezone(SHANGHAI).date()
        due = price(known[platform].terms, order.worker_ref, day, order.industry, order.district)
        month = day.isoformat()[:7]
        sheet = sheets.get((platform, month))
        if sheet is None:
            sheet = sheets[platform, month] = new_id()
        entries.append(
            {
                "_id": f"{platform}|{order.order_id}",
                "sheet": sheet,
                "platform": platform,
                "worker_ref": order.worker_ref,
                "month": month,
                "industry": order.industry,
                "district": order.district,
                "orders": due.orders,
                "premium": decimal128(due.premium),
                "law": due.law,
                "reason": due.reason,
                "taken_at": order.taken_at,
                "finished_at": order.finished_at,
            }
        )
    return entries


@lru_cache(maxsize=1000)
def decimal128(premium: Decimal) -> Decimal128:
    return Decimal128(premium)


def price_of(entry: EntryRow, known: Mapping[str, Known]) -> Price:
    """What a stored charge must cost by the terms that are known now."""
    day = entry["finished_at"].astimezone(SHANGHAI).date()
    return price(known[entry["platform"]].terms, entry["worker_ref"], day, entry["industry"], entry["district"])


async def _extend_months(known: Mapping[str, Known], sheets: Sheets) -> None:
    """Note the months of a platform's orders, before they are stored: who looks for them later must not miss one."""
    for platform, month in sheets:
        one = known[platform]
        if one.first_month is None or one.last_month is None or not one.first_month <= month <= one.last_month:
            await collection_of(Platform).update_one(
                {"_id": platform}, {"$min": {"first_month": month}, "$max": {"last_month": month}}, upsert=True
            )


async def _look_at_repeated(
    stored: Sequence[EntryRow], repeated: Sequence[EntryRow], sheets: Sheets
) -> tuple[list[EntryRow], set[Worker]]:
    """Finish what a try that died may have left of these orders: entries without a sheet, and prices not looked at again."""
    own = {entry["_id"] for entry in stored}
    there = await ledger.by_ids({entry["_id"] for entry in repeated} - own)
    for entry in there:
        sheets.setdefault((entry["platform"], entry["month"]), new_id())
    moved = await adopt(there, sheets)
    return moved, _mispriced(there, await book().read({entry["platform"] for entry in there}))


def _mispriced(entries: Sequence[EntryRow], known: Mapping[str, Known]) -> set[Worker]:
    """The workers of entries that were charged otherwise than the known terms demand."""
    suspects: set[Worker] = set()
    for entry in entries:
        due = price_of(entry, known)
        if (due.orders, decimal128(due.premium)) != (entry["orders"], entry["premium"]):
            suspects.add((entry["platform"], entry["worker_ref"]))
    return suspects


async def _price_again(workers: set[Worker], tx: Transaction) -> None:
    for platform, worker_ref in sorted(workers):
        reprice_worker(platform, worker_ref, tx)

"""Set a platform's rates and classes, and have what was charged by others priced again."""

from __future__ import annotations

import datetime as dt

import msgspec

from services.insurance.engagements.documents import Platform
from services.insurance.rates.documents import Rate
from services.insurance.rates.pricing import classes_of
from services.insurance.rates.rules import PricingTerms, first_difference
from shared import clock
from shared.callers import Caller
from shared.contracts.platform import DeliveryClass
from shared.ids import new_id
from shared.storage.audit import write_down
from shared.storage.client import Row
from shared.storage.kinds import TimerKind
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction


class WorkerToReprice(msgspec.Struct, frozen=True):
    """Whose orders are to be priced again, unless the terms have the name `by`, as `repricing.name_of_terms` gives it."""

    platform: str
    worker_ref: str
    by: str = ""


class SheetsToReprice(msgspec.Struct, frozen=True):
    """A platform's sheets from a month on, after one of that month (empty: all of them), without the first `done` orders of `sheet`.
    The next ones are priced already where the terms have the name `by`."""

    platform: str
    month: str
    after: str
    sheet: str = ""
    done: int = 0
    by: str = ""


WORKER = TimerKind("insurance.reprice_worker", WorkerToReprice)
PLATFORM = TimerKind("insurance.reprice_platform", SheetsToReprice)


def reprice_worker(platform: str, worker_ref: str, tx: Transaction, *, by: str = "") -> None:
    """Price all orders of a platform's worker again, once this transaction is stored, unless `by` names the terms of then."""
    tx.schedule(WORKER, f"{platform}|{worker_ref}", clock.now(), WorkerToReprice(platform, worker_ref, by))


def reprice_platform(platform: str, since: str, tx: Transaction) -> None:
    """Price a platform's orders again from a month on, sheet by sheet. Each change has a key of its own, and is done whole."""
    go_on(SheetsToReprice(platform, since, ""), tx, key=new_id())


def go_on(following: SheetsToReprice, tx: Transaction, *, key: str) -> None:
    """Price these next, for the change of that key."""
    tx.schedule(PLATFORM, key, clock.now(), following)


def reprice_classes(platform: str, before: Row, after: Row, tx: Transaction) -> None:
    """Price again what a change of a platform's classes touches; the rows are the platform's before and after it."""
    first, last = after.get("first_month"), after.get("last_month")
    if first is None or last is None:
        return  # no order is in the ledger; those under way look at the change themselves
    since = first_difference((first, last), PricingTerms(*classes_of(before)), PricingTerms(*classes_of(after)))
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


async def set_rate(rate: Rate, officer: Caller, seen: int | None, tx: Transaction) -> Rate:
    """Store a platform's own rate, or change that of the same day, which stands at the revision seen; orders since then are
    priced again."""
    known = await Rate.of(rate.id, tx)
    if known is not None:
        require_revision(seen, known.revision)
        known.changed({"kind": rate.kind, "value": rate.value, "document": rate.document, "by": rate.by})
    stored = await (known or rate.model_copy()).put(tx)
    since = f"{rate.industry} {rate.since}: {rate.kind} {rate.value}, {rate.document}"
    await write_down("platform.rate_set", rate.platform, officer, tx, since)
    platform = await Platform.count_change(rate.platform, {}, tx)
    month = f"{rate.since:%Y-%m}"
    if platform.get("last_month") is not None and platform["last_month"] >= month:
        reprice_platform(rate.platform, max(month, platform["first_month"]), tx)
    return stored


async def set_class(uscc: str, since: dt.date, name: DeliveryClass, officer: Caller, tx: Transaction) -> None:
    """Set the class that holds for a platform from a day on, whatever it declares."""
    before = await Platform.row(uscc, tx)
    day = since.isoformat()
    if before.get("assigned", {}).get(day, {}).get("delivery_class") == name:
        return
    assigned = {"delivery_class": name, "by": officer.subject, "at": clock.now()}
    after = await Platform.count_change(uscc, {f"assigned.{day}": assigned}, tx)
    reprice_classes(uscc, before, after, tx)
    await write_down("platform.class_set", uscc, officer, tx, f"{day}: {name}")

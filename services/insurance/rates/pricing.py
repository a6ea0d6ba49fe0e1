"""The terms of the platforms, kept in memory and brought up to date by the number of their last change."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from services.insurance.engagements.documents import Engagement, Platform
from services.insurance.engagements.rules import Span, employments
from services.insurance.rates.documents import Rate
from services.insurance.rates.rules import DayClass, FloatingRate, PricingTerms
from shared.storage.client import Row, Session, Storage, collection_of, storage


@dataclass(slots=True)
class Known:
    """A platform as this process last read it. `change` is -1 before the first reading, 0 where nothing is stored."""

    terms: PricingTerms = field(default_factory=PricingTerms)
    change: int = -1
    first_month: str | None = None
    last_month: str | None = None
    spans: dict[str, tuple[str, list[Span]]] = field(default_factory=dict)


class Book:
    """Reads one small row for each platform, and of its engagements only those that changed since."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._lock = asyncio.Lock()

    async def read(self, platforms: Collection[str]) -> Mapping[str, Known]:
        """The platforms as they stand now. What is returned is brought up to date by later readings too."""
        async with self._lock, await storage().in_order() as session:
            query = {"_id": {"$in": list(platforms)}}
            rows = await collection_of(Platform).find(query, session=session).to_list(None)
            stored = {row["_id"]: row for row in rows}
            for uscc in platforms:
                row = stored.get(uscc, {})
                known = self._known.setdefault(uscc, Known())
                known.first_month, known.last_month = row.get("first_month"), row.get("last_month")
                if known.change != row.get("change", 0):
                    await self._refresh(uscc, row, known, session)
            return {uscc: self._known[uscc] for uscc in platforms}

    async def _refresh(self, uscc: str, row: Row, known: Known, session: Session) -> None:
        """Read what the row counts. In a session that keeps the order: what is left out now is never asked for again.

        What is stored between the row and the rest is read too, and once more when its number is seen.
        """
        change = row.get("change", 0)
        if change < known.change:  # the database was restored from an earlier state
            known.spans.clear()
            known.change = -1
        wanted = {"platform": uscc, "change": {"$gt": max(known.change, 0)}}
        for engagement in await collection_of(Engagement).find(wanted, session=session).to_list(None):
            ended_on = engagement["ended_on"].date() if engagement["ended_on"] else None
            dated = [(day.date(), relation) for day, relation in engagement.get("footings", [])]
            dated = dated or [(engagement["started_on"].date(), engagement["relation"])]
            known.spans[engagement["_id"]] = (engagement["worker_ref"], employments(dated, ended_on))
        employed: dict[str, list[Span]] = {}
        for worker_ref, kept in known.spans.values():
            if kept:
                employed.setdefault(worker_ref, []).extend(kept)
        known.terms = PricingTerms(*classes_of(row), employed, uscc, await rates_of(uscc, session))
        known.change = change


def classes_of(row: Row) -> tuple[list[DayClass], list[DayClass]]:
    """The declared and the assigned classes of a platform's row, by day."""
    declared = [(dt.date.fromisoformat(day), name) for day, name in row.get("declared", [])]
    assigned = [(dt.date.fromisoformat(day), one["delivery_class"]) for day, one in row.get("assigned", {}).items()]
    return sorted(declared), sorted(assigned)


async def rates_of(uscc: str, session: Session | None = None) -> dict[str, list[FloatingRate]]:
    """A platform's own rates by industry, by day."""
    rates: dict[str, list[FloatingRate]] = {}
    for rate in await Rate.find({"platform": uscc}, session=session).to_list():
        rates.setdefault(rate.industry, []).append(rate.floating)
    return {industry: sorted(found, key=lambda one: one.since) for industry, found in rates.items()}


async def terms_of(uscc: str) -> PricingTerms:
    """A platform's classes and rates, without its labour relations."""
    row = await collection_of(Platform).find_one({"_id": uscc}) or {}
    return PricingTerms(*classes_of(row), {}, uscc, await rates_of(uscc))


_books: WeakKeyDictionary[Storage, Book] = WeakKeyDictionary()


def book() -> Book:
    """The book of this process's database."""
    return _books.setdefault(storage(), Book())

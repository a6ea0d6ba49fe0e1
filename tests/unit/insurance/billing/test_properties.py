"""Whatever the order, repetition and batches in which orders and late facts arrive, the bills come to the same.

The ledger is a stand-in in memory; what is charged, corrected and put on sheets is calculated by the service's own functions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.insurance.billing.documents import Part
from services.insurance.engagements.rules import Span
from services.insurance.ledger import queries as ledger
from services.insurance.ledger import repricing
from services.insurance.ledger.commands import make_entries
from services.insurance.ledger.documents import EntryRow, SheetRow
from services.insurance.ledger.sheets import sheet_of
from services.insurance.rates.pricing import Known
from services.insurance.rates.rules import FloatingRate, PricingTerms, price
from shared.contracts.base import CloudEvent, to_fen
from shared.contracts.platform import OrderFinished, platform_source
from shared.policy.calendar import SHANGHAI, shanghai_date

PLATFORM = "91510600MA00000000"
MONTHS = ("2026-08", "2026-09")
INDUSTRIES = ("instant_delivery", "freight", "courier")

Fact = OrderFinished | PricingTerms | str
"""What arrives: an order, the terms as a late fact leaves them, or a month that is closed."""


@dataclass
class Books:
    """The ledger, its sheets, and the bills, as the database would keep them."""

    terms: PricingTerms = field(default_factory=PricingTerms)
    entries: dict[str, EntryRow] = field(default_factory=dict)
    sheets: list[SheetRow] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    bills: dict[str, tuple[Part, Part]] = field(default_factory=dict)

    def take(self, orders: Sequence[OrderFinished]) -> None:
        events = [
            CloudEvent("1", platform_source(PLATFORM), one.TYPE, one.finished_at, one)  # one batch may repeat an order
            for one in orders
        ]
        stored: dict[str, list[EntryRow]] = {}
        for entry in make_entries(events, {PLATFORM: Known(self.terms)}, {}):
            if entry["_id"] not in self.entries:
                self.entries[entry["_id"]] = entry
                stored.setdefault(entry["sheet"], []).append(entry)
        self.sheets += [sheet_of(name, rows) for name, rows in stored.items()]

    def change(self, terms: PricingTerms) -> None:
        """A late fact: every order is priced again."""
        self.terms = terms
        made: dict[str, list[EntryRow]] = {}
        for charge in [entry for entry in self.entries.values() if not entry.get("corrects")]:
            needed = repricing.correction_of(charge, self.corrections(charge["_id"]), terms)
            if needed is not None:
                made.setdefault(needed["month"], []).append(needed)
        for month, rows in made.items():
            self.entries |= {row["_id"]: row for row in rows}
            self.sheets.append(repricing.sheet_of(PLATFORM, month, rows))

    def corrections(self, charge_id: str) -> list[EntryRow]:
        found = [entry for entry in self.entries.values() if entry.get("corrects") == charge_id]
        return sorted(found, key=lambda entry: int(entry["_id"].split(":")[1]))

    def close(self, month: str) -> None:
        if month in self.closed:
            return
        late = {one for one in self.closed if one < month}
        charged, corrected = Part(), Part()
        for sheet in self.sheets:
            if sheet["bill"] is None and (sheet["month"] == month or sheet["month"] in late):
                sheet["bill"] = month
                part = charged if sheet["charges"] else corrected
                part.add(sheet["charges"] or len(sheet["corrections"]), sheet["orders"], ledger.amount(sheet))
        self.closed.append(month)
        self.bills[month] = charged, corrected


def due(orders: Iterable[OrderFinished], terms: PricingTerms) -> tuple[int, Decimal]:
    """What the orders cost by the last terms, without any history."""
    prices = [
        price(terms, one.worker_ref, shanghai_date(one.finished_at), one.industry, one.district)
        for one in {one.order_id: one for one in orders}.values()
    ]
    return sum(one.orders for one in prices), sum((one.premium for one in prices), Decimal(0))


days = st.dates(dt.date(2026, 8, 1), dt.date(2026, 9, 30))


@st.composite
def orders(draw: st.DrawFn) -> list[OrderFinished]:
    found = []
    for number in range(draw(st.integers(1, 12))):
        finished = dt.datetime.combine(draw(days), draw(st.times()), SHANGHAI)
        found.append(
            OrderFinished(
                order_id=str(number),
                worker_ref=draw(st.sampled_from(["w1", "w2"])),
                industry=draw(st.sampled_from(INDUSTRIES)),
                taken_at=finished - dt.timedelta(minutes=20),
                finished_at=finished,
                district="510603",
                fee="5.00",
            )
        )
    return found


@st.composite
def terms(draw: st.DrawFn) -> PricingTerms:
    classes = st.lists(st.tuples(days, st.sampled_from("ab")), max_size=2).map(sorted)
    rate = st.builds(FloatingRate, days, st.sampled_from(["factor", "amount"]), st.decimals("0.01", "2", places=2))
    span = st.builds(lambda first, length: Span(first, first + dt.timedelta(length)), days, st.integers(0, 40))
    own: Any = st.dictionaries(st.sampled_from(INDUSTRIES), rate.map(lambda one: [one]), max_size=2)
    employed: Any = st.dictionaries(st.sampled_from(["w1", "w2"]), st.lists(span, max_size=2), max_size=2)
    return PricingTerms(draw(classes), draw(classes), draw(employed), PLATFORM, draw(own))


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[OrderFinished], PricingTerms, list[Fact]]:
    """Orders, the last terms, and a way for all of it to arrive: shuffled, repeated, with late facts in between."""
    told = draw(orders())
    repeated = draw(st.lists(st.sampled_from(told), max_size=5))
    changes: list[Fact] = list(draw(st.lists(terms(), max_size=3)))
    last = draw(terms())
    facts: list[Fact] = draw(st.permutations([*told, *repeated, *changes]))
    place = draw(st.integers(0, len(facts)))
    final = facts[:place] + [last] + [fact for fact in facts[place:] if not isinstance(fact, PricingTerms)]
    return told, last, final


def run(books: Books, facts: Sequence[Fact], cuts: Iterable[bool]) -> Books:
    """Let facts arrive; orders that follow each other are one batch until a cut."""
    batch: list[OrderFinished] = []
    for fact, cut in zip(facts, cuts, strict=True):
        if isinstance(fact, OrderFinished):
            batch.append(fact)
            if not cut:
                continue
        books.take(batch)
        batch = []
        if isinstance(fact, PricingTerms):
            books.change(fact)
        elif isinstance(fact, str):
            books.close(fact)
    books.take(batch)
    return books


@settings(max_examples=150, deadline=None)
@given(arrivals(), st.data())
def test_a_months_bill_is_the_same_however_its_orders_arrive(
    arrived: tuple[list[OrderFinished], PricingTerms, list[Fact]], data: st.DataObject
) -> None:
    told, last, facts = arrived
    cuts = data.draw(st.lists(st.booleans(), min_size=len(facts), max_size=len(facts)))
    books = run(Books(), facts, cuts)
    for month in MONTHS:
        books.close(month)
        charged, corrected = books.bills[month]
        of_month = [one for one in told if f"{shanghai_date(one.finished_at):%Y-%m}" == month]
        orders_due, premium_due = due(of_month, last)
        assert charged.orders + corrected.orders == orders_due
        assert to_fen(charged.premium + corrected.premium) == to_fen(premium_due)
        assert charged.entries == len(of_month)


@settings(max_examples=150, deadline=None)
@given(arrivals(), st.data())
def test_months_closed_in_between_bill_everything_once(
    arrived: tuple[list[OrderFinished], PricingTerms, list[Fact]], data: st.DataObject
) -> None:
    told, last, facts = arrived
    with_closings = data.draw(st.permutations(MONTHS))
    for month in with_closings:
        facts.insert(data.draw(st.integers(0, len(facts))), month)
    cuts = data.draw(st.lists(st.booleans(), min_size=len(facts), max_size=len(facts)))
    books = run(Books(), facts, cuts)
    books.close("2026-10")
    assert all(sheet["bill"] is not None for sheet in books.sheets)
    parts = [part for bill in books.bills.values() for part in bill]
    orders_due, premium_due = due(told, last)
    assert sum(part.orders for part in parts) == orders_due
    assert sum((part.premium for part in parts), Decimal(0)) == premium_due
    assert sum(part.entries for part in parts) == len(books.entries)


@given(orders(), terms())
def test_each_order_comes_to_its_price_and_needs_nothing_more(told: list[OrderFinished], last: PricingTerms) -> None:
    books = Books()
    books.take(told)
    for known in (replace(last, rates={}), last, last):
        books.change(known)
    for entry in [entry for entry in books.entries.values() if not entry.get("corrects")]:
        corrections = books.corrections(entry["_id"])
        assert repricing.correction_of(entry, corrections, last) is None
        assert len(corrections) <= 2

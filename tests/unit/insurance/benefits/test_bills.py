"""Which bill is which: by the institution's number, and without one by its sum."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from services.insurance.benefits.bill_rules import compared, key_of, seen, within
from services.insurance.benefits.fact_rules import Invoice

DAY = dt.date(2026, 10, 8)


def bill(amount: str = "100.00", number: str | None = "川A-001", **more: Any) -> Invoice:
    full: dict[str, Any] = {"institution": "德阳市人民医院", "number": number, "issued_on": DAY}
    return Invoice(Decimal(amount), **((full if number is not None else {}) | more))


@pytest.mark.parametrize("typed", ["川a001", "川Ａ－００１", " 川A 001 "])
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert key_of(bill(number=typed)) == key_of(bill())


def test_other_institutions_and_numbers_are_other_bills() -> None:
    keys = {key_of(one) for one in (bill(), bill(number="川A-002"), bill(institution="旌阳区医院"))}
    assert len(keys) == 3
    assert key_of(bill(number=None)) is None


@pytest.mark.parametrize(
    ("asked", "earlier", "why"),
    [
        (bill(), bill(), "bill-claimed"),
        (bill(excluded=Decimal(5)), bill(), "bill-claimed"),
        (bill(), bill(issued_on=DAY + dt.timedelta(days=1)), "bill-number-claimed"),
        (bill(), bill("100.01"), "bill-number-claimed"),
        (bill(), bill(number="川A-002"), None),
        (bill(number=None), bill(), "bill-alike"),
        (bill(), bill(number=None), "bill-alike"),
        (bill(number=None), bill(number=None), "bill-alike"),
        (bill(number=None), bill("99.99", number=None), None),
    ],
)
def test_what_an_earlier_bill_is_to_one_that_is_asked_for(asked: Invoice, earlier: Invoice, why: str | None) -> None:
    found = seen(asked, [earlier])
    assert (found.why if found else None) == why
    assert found is None or found.beyond == (why != "bill-claimed")


def test_what_is_the_same_for_certain_is_shown_first() -> None:
    like, same = bill(number=None), bill()
    found = seen(bill(), [like, same])
    assert found is not None
    assert (found.why, found.earlier) == ("bill-claimed", same)


def test_a_bill_stands_in_a_grant_once() -> None:
    twice = within([bill(), bill("3.00", number="川A-002"), bill()], "medical")
    assert twice is not None
    assert twice.why == "bill-claimed"
    assert within([bill(), bill("100.00", number="川A-002")], "medical") is None
    assert within([bill(number=None), bill(number=None, another="上午和下午各一次")], "medical") is None
    certain = within([bill(), bill(another="另一张")], "medical")
    assert certain is not None


def test_tickets_of_one_fare_are_many() -> None:
    """Where they have no number; a ticket with one is told by it."""
    assert within([bill("6.00", number=None)] * 3, "travel") is None
    assert within([bill("6.00")] * 2, "travel") is not None
    assert compared("medical", bill(number=None), bill())

"""Terms of one name price alike: who has corrected orders by them need not look at the orders again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from services.insurance.engagements.rules import Span
from services.insurance.ledger import repricing
from services.insurance.ledger.repricing import name_of_terms
from services.insurance.rates.pricing import Known
from services.insurance.rates.rules import FloatingRate, PricingTerms

MARCH, MAY = dt.date(2026, 3, 1), dt.date(2026, 5, 1)
RATE = FloatingRate(MARCH, "factor", Decimal("1.2"))


def known(change: int = 1, **terms: Any) -> Known:
    given: dict[str, Any] = {
        "declared": [(MARCH, "a")],
        "employed": {"w1": [Span(MARCH, None)]},
        "rates": {"delivery": [RATE]},
    }
    return Known(PricingTerms(**(given | terms)), change)


def test_a_workers_terms_keep_their_name_whatever_others_do() -> None:
    others = known(2, employed={"w1": [Span(MARCH, None)], "w2": [Span(MAY, None)]})
    assert name_of_terms(others, "w1") == name_of_terms(known(), "w1")


@pytest.mark.parametrize(
    "changed",
    [
        {"employed": {"w1": [Span(MAY, None)]}},
        {"employed": {}},
        {"declared": [(MAY, "a")]},
        {"assigned": [(MAY, "b")]},
        {"rates": {}},
    ],
)
def test_other_terms_have_another_name(changed: dict[str, Any]) -> None:
    assert name_of_terms(known(**changed), "w1") != name_of_terms(known(), "w1")


def test_a_platforms_terms_are_named_by_its_changes() -> None:
    assert name_of_terms(known(7), None) == name_of_terms(known(7, employed={}), None)
    assert name_of_terms(known(7), None) != name_of_terms(known(8), None)


@pytest.mark.parametrize("worker_ref", ["w1", None])
def test_other_rates_of_the_law_give_another_name(worker_ref: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process of the next version, beside one of this."""
    before = name_of_terms(known(), worker_ref)
    monkeypatch.setattr(repricing, "rates_of_the_law", lambda edition: "other rows")
    assert name_of_terms(known(), worker_ref) != before

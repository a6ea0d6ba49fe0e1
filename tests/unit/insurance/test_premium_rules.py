"""What an order costs, and what corrects it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.footing.rules import Span, employment
from services.insurance.premiums import rules
from services.insurance.premiums.rules import Price, Terms, class_on, correction, first_difference, price
from shared.policy.parameters import parameters
from shared.policy.rows import Parameter

DISTRICT = "510603"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def cost(industry: str, on: str, terms: Terms | None = None, worker_ref: str = "w1") -> tuple[int, Decimal, str | None]:
    found = price(terms or Terms(), worker_ref, day(on), industry, DISTRICT)
    return found.orders, found.premium, found.reason


@pytest.mark.parametrize(
    ("industry", "on", "delivery_class", "yuan"),
    [
        ("ride_hailing", "2026-09-02", None, "0.01"),
        ("freight", "2026-09-02", "b", "0.18"),
        ("instant_delivery", "2026-09-02", None, "0.07"),
        ("instant_delivery", "2026-09-02", "a", "0.07"),
        ("instant_delivery", "2025-07-01", "b", "0.25"),
        ("instant_delivery", "2025-06-30", "b", "0.04"),
        ("freight", "2022-07-01", None, "0.20"),
    ],
)
def test_an_order_costs_the_rate_of_its_day(industry: str, on: str, delivery_class: str | None, yuan: str) -> None:
    terms = Terms(declared=[(day("2022-01-01"), delivery_class)] if delivery_class else [])
    assert cost(industry, on, terms) == (1, Decimal(yuan), None)


@pytest.mark.parametrize(
    ("industry", "on"), [("courier", "2026-09-02"), ("other", "2026-09-02"), ("freight", "2022-06-30")]
)
def test_an_industry_without_a_rate_is_not_charged(industry: str, on: str) -> None:
    assert cost(industry, on) == (0, Decimal(0), "no_rate")


def test_a_rate_that_nobody_knows_is_told_apart_from_one_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = Parameter.model_validate(
        {
            "key": rules.RATE,
            "title": "每单缴费额",
            "description": "a rate not found",
            "unit": "CNY/order",
            "rows": [
                {
                    "value": None,
                    "scope": {"industry": "courier"},
                    "from": "2026-01-01",
                    "source": {"document": "none"},
                    "verified": False,
                    "note": "not found",
                }
            ],
        }
    )
    monkeypatch.setattr(
        rules, "parameters", type(parameters)([unknown, *(one for one in parameters if one.key != rules.RATE)])
    )
    rules.rate.cache_clear()
    try:
        assert cost("courier", "2026-09-02") == (0, Decimal(0), "rate_unknown")
        assert cost("freight", "2026-09-02") == (0, Decimal(0), "no_rate")
    finally:
        rules.rate.cache_clear()


def test_whoever_stands_in_a_labour_relation_that_day_is_not_charged() -> None:
    terms = Terms(employed={"w1": [Span(day("2026-09-05"), day("2026-09-10"))], "w2": [Span(day("2026-09-05"), None)]})
    charged = {on: cost("freight", on, terms)[0] for on in ("2026-09-04", "2026-09-05", "2026-09-10", "2026-09-11")}
    assert charged == {"2026-09-04": 1, "2026-09-05": 0, "2026-09-10": 0, "2026-09-11": 1}
    assert cost("freight", "2027-01-01", terms, "w2") == (0, Decimal(0), "employment")
    assert cost("freight", "2026-09-06", terms, "w3")[0] == 1


def test_only_a_labour_relation_keeps_from_charging() -> None:
    assert employment("partial", day("2026-09-01"), None) is None
    assert employment("self_employed", day("2026-09-01"), None) is None
    assert employment("employment", day("2026-09-01"), None) == Span(day("2026-09-01"), None)


def test_a_declared_class_holds_from_its_day_and_the_first_one_also_before() -> None:
    declared = [(day("2026-09-10"), "b"), (day("2026-09-20"), "a")]
    days = ("2026-01-01", "2026-09-10", "2026-09-19", "2026-09-20", "2027-01-01")
    assert [class_on(day(on), declared, []) for on in days] == ["b", "b", "b", "a", "a"]
    assert class_on(day("2026-09-10"), [], []) is None


def test_what_an_officer_sets_overrides_from_its_day_on_whatever_is_declared_later() -> None:
    declared = [(day("2026-09-01"), "a"), (day("2026-09-20"), "a")]
    assigned = [(day("2026-09-10"), "b"), (day("2026-10-01"), "a")]
    days = ("2026-09-09", "2026-09-10", "2026-09-25", "2026-10-01")
    assert [class_on(day(on), declared, assigned) for on in days] == ["a", "b", "b", "a"]


def test_a_change_of_class_prices_again_from_the_first_month_that_it_changes() -> None:
    before = Terms(declared=[(day("2026-08-15"), "a")])
    later = Terms(declared=[(day("2026-08-15"), "a"), (day("2026-10-31"), "b")])
    earlier = Terms(declared=[(day("2026-08-15"), "b")])
    assert first_difference(("2026-07", "2026-12"), before, later) == "2026-10"
    assert first_difference(("2026-07", "2026-12"), before, earlier) == "2026-07"
    assert first_difference(("2026-07", "2026-09"), before, later) is None
    assert first_difference(("2026-07", "2026-09"), before, before) is None


entries = st.lists(
    st.tuples(st.integers(-1, 1), st.sampled_from([Decimal(text) for text in ("0", "0.07", "-0.07", "0.18", "0.25")])),
    min_size=1,
    max_size=5,
)
prices = st.sampled_from(
    [Price(1, Decimal("0.07"), "", None), Price(1, Decimal("0.25"), "", None), Price(0, Decimal(0), "", "employment")]
)


@given(entries, prices)
def test_a_corrected_order_comes_to_what_is_due_and_needs_no_further_correction(
    charged: list[tuple[int, Decimal]], due: Price
) -> None:
    change = correction(charged, due)
    corrected = charged if change is None else [*charged, change[:2]]
    assert sum(count for count, _ in corrected) == due.orders
    assert sum(amount for _, amount in corrected) == due.premium
    assert correction(corrected, due) is None


def test_a_correction_says_what_caused_it() -> None:
    assert correction([(1, Decimal("0.07"))], Price(0, Decimal(0), "", "employment")) == (
        -1,
        Decimal("-0.07"),
        "employment",
    )
    assert correction([(1, Decimal("0.07"))], Price(1, Decimal("0.25"), "", None)) == (
        0,
        Decimal("0.18"),
        "delivery_class",
    )


def test_a_bill_is_due_on_the_fifteenth_of_the_next_month_or_the_working_day_after() -> None:
    assert rules.due_on("2026-09", rules.law_of_bill("2026-09")) == day("2026-10-15")
    assert rules.due_on("2026-07", rules.law_of_bill("2026-07")) == day("2026-08-17")


def test_a_month_closes_on_a_day_of_its_own_before_the_premium_is_due() -> None:
    assert rules.closes_on("2026-12") == day("2027-01-05")


def test_a_sum_is_rounded_half_up_to_the_fen() -> None:
    assert rules.to_fen(Decimal("0.105")) == Decimal("0.11")
    assert rules.to_fen(Decimal("1.0649")) == Decimal("1.06")


def test_months_are_counted_over_the_turn_of_the_year() -> None:
    assert rules.months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert rules.months_between("2026-02", "2026-01") == []

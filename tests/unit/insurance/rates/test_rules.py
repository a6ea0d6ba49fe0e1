"""What an order costs, and what corrects it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.billing.rules import closes_on, due_on, law_of_bill
from services.insurance.engagements.rules import Span, employments
from services.insurance.rates import rules as rates
from services.insurance.rates import timeline as rate_table
from services.insurance.rates.rules import (
    EMPLOYED,
    FloatingRate,
    Price,
    PricingTerms,
    class_on,
    correction,
    first_difference,
    price,
)
from shared.contracts.base import to_fen
from shared.policy.calendar import months_between
from shared.policy.parameters import parameters
from shared.policy.rows import Parameter

DISTRICT = "510603"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def cost(
    industry: str, on: str, terms: PricingTerms | None = None, worker_ref: str = "w1"
) -> tuple[int, Decimal, str | None]:
    found = price(terms or PricingTerms(), worker_ref, day(on), industry, DISTRICT)
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
    terms = PricingTerms(declared=[(day("2022-01-01"), delivery_class)] if delivery_class else [])
    assert cost(industry, on, terms) == (1, Decimal(yuan), None)


@pytest.mark.parametrize(
    ("industry", "on"), [("courier", "2026-09-02"), ("other", "2026-09-02"), ("freight", "2022-06-30")]
)
def test_an_industry_without_a_rate_is_not_charged(industry: str, on: str) -> None:
    assert cost(industry, on) == (0, Decimal(0), "no_rate")


def test_an_unknown_rate_is_told_apart_from_none(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = Parameter.model_validate(
        {
            "key": rates.RATE,
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
        rates, "parameters", type(parameters)([unknown, *(one for one in parameters if one.key != rates.RATE)])
    )
    rates.rate.cache_clear()
    try:
        assert cost("courier", "2026-09-02") == (0, Decimal(0), "rate_unknown")
        assert cost("freight", "2026-09-02") == (0, Decimal(0), "no_rate")
    finally:
        rates.rate.cache_clear()


def test_whoever_is_employed_that_day_is_not_charged() -> None:
    terms = PricingTerms(
        employed={"w1": [Span(day("2026-09-05"), day("2026-09-10"))], "w2": [Span(day("2026-09-05"), None)]}
    )
    charged = {on: cost("freight", on, terms)[0] for on in ("2026-09-04", "2026-09-05", "2026-09-10", "2026-09-11")}
    assert charged == {"2026-09-04": 1, "2026-09-05": 0, "2026-09-10": 0, "2026-09-11": 1}
    assert cost("freight", "2027-01-01", terms, "w2") == (0, Decimal(0), "employment")
    assert cost("freight", "2026-09-06", terms, "w3")[0] == 1


def test_only_a_labour_relation_keeps_from_charging() -> None:
    assert employments([(day("2026-09-01"), "partial")], None) == []
    assert employments([(day("2026-09-01"), "self_employed")], None) == []
    assert employments([(day("2026-09-01"), "employment")], None) == [Span(day("2026-09-01"), None)]


def test_a_declared_class_holds_from_its_day_on() -> None:
    """The first one holds before its day as well."""
    declared = [(day("2026-09-10"), "b"), (day("2026-09-20"), "a")]
    days = ("2026-01-01", "2026-09-10", "2026-09-19", "2026-09-20", "2027-01-01")
    assert [class_on(day(on), declared, []) for on in days] == ["b", "b", "b", "a", "a"]
    assert class_on(day("2026-09-10"), [], []) is None


def test_what_an_officer_sets_overrides_what_is_declared() -> None:
    """From its day on, also what is declared later."""
    declared = [(day("2026-09-01"), "a"), (day("2026-09-20"), "a")]
    assigned = [(day("2026-09-10"), "b"), (day("2026-10-01"), "a")]
    days = ("2026-09-09", "2026-09-10", "2026-09-25", "2026-10-01")
    assert [class_on(day(on), declared, assigned) for on in days] == ["a", "b", "b", "a"]


def test_a_change_of_class_prices_again_from_its_first_month() -> None:
    before = PricingTerms(declared=[(day("2026-08-15"), "a")])
    later = PricingTerms(declared=[(day("2026-08-15"), "a"), (day("2026-10-31"), "b")])
    earlier = PricingTerms(declared=[(day("2026-08-15"), "b")])
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
def test_a_corrected_order_comes_to_what_is_due(charged: list[tuple[int, Decimal]], due: Price) -> None:
    """It needs no further correction."""
    change = correction(charged, due)
    corrected = charged if change is None else [*charged, change[:2]]
    assert sum(count for count, _ in corrected) == due.orders
    assert sum(amount for _, amount in corrected) == due.premium
    assert correction(corrected, due) is None


SEVEN = Price(1, Decimal("0.07"), "a 2025-07-01", None)


@pytest.mark.parametrize(
    ("due", "reason", "law", "cause"),
    [
        (EMPLOYED, None, "a 2025-07-01", "employment"),
        (SEVEN, "employment", "", "employment"),
        (SEVEN, "no_rate", "", "rate"),
        (Price(1, Decimal("0.25"), "b 2025-07-01", None), None, "a 2025-07-01", "delivery_class"),
        (Price(1, Decimal("0.14"), "a 2025-07-01 x2 2026-01-01", None), None, "a 2025-07-01", "rate"),
        (Price(1, Decimal("0.08"), "a 2026-01-01", None), None, "a 2025-07-01", "rate"),
    ],
)
def test_a_correction_says_what_caused_it(due: Price, reason: str | None, law: str, cause: str) -> None:
    charged = [(0, Decimal(0))] if reason else [(1, Decimal("0.07"))]
    found = correction(charged, due, reason=reason, law=law)
    assert found is not None
    assert found[2] == cause


def test_a_bill_is_due_on_the_fifteenth_of_the_next_month() -> None:
    """Or on the working day after."""
    assert due_on("2026-09", law_of_bill("2026-09")) == day("2026-10-15")
    assert due_on("2026-07", law_of_bill("2026-07")) == day("2026-08-17")


def test_a_month_closes_before_its_premium_is_due() -> None:
    assert closes_on("2026-12") == day("2027-01-05")


def test_a_sum_is_rounded_half_up_to_the_fen() -> None:
    assert to_fen(Decimal("0.105")) == Decimal("0.11")
    assert to_fen(Decimal("1.0649")) == Decimal("1.06")


def test_months_are_counted_over_the_turn_of_the_year() -> None:
    assert months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert months_between("2026-02", "2026-01") == []


OWN = {
    "freight": [
        FloatingRate(day("2026-03-01"), "factor", Decimal("1.5")),
        FloatingRate(day("2026-06-01"), "amount", Decimal("0.15")),
        FloatingRate(day("2026-09-01"), "factor", Decimal(1)),
    ],
    "courier": [FloatingRate(day("2026-03-01"), "amount", Decimal("0.10"))],
}


@pytest.mark.parametrize(
    ("industry", "on", "yuan"),
    [
        ("freight", "2026-02-28", "0.18"),
        ("freight", "2026-03-01", "0.27"),
        ("freight", "2026-05-31", "0.27"),
        ("freight", "2026-06-01", "0.15"),
        ("freight", "2026-09-01", "0.18"),
        ("ride_hailing", "2026-06-01", "0.01"),
    ],
)
def test_a_platforms_own_rate_holds_from_its_day_until_the_next(industry: str, on: str, yuan: str) -> None:
    assert cost(industry, on, PricingTerms(rates=OWN)) == (1, Decimal(yuan), None)


def test_an_own_rate_charges_no_industry_without_a_rate() -> None:
    assert cost("courier", "2026-04-01", PricingTerms(rates=OWN)) == (0, Decimal(0), "no_rate")


def test_whoever_is_employed_is_not_charged_by_an_own_rate() -> None:
    terms = PricingTerms(rates=OWN, employed={"w1": [Span(day("2026-01-01"), None)]})
    assert cost("freight", "2026-04-01", terms) == (0, Decimal(0), "employment")


def test_a_class_of_the_province_stands_above_the_declared_one() -> None:
    """It stands below the one that an officer assigns."""
    declared, assigned = [(day("2026-01-01"), "a")], [(day("2026-09-01"), "a")]
    assert class_on(day("2026-08-31"), declared, assigned, "b") == "b"
    assert class_on(day("2026-09-01"), declared, assigned, "b") == "a"


@pytest.fixture
def province_names_a_tier(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    named = {
        "key": rates.TIER,
        "title": "即时配送平台费率档次",
        "description": "the tier of one platform",
        "unit": "code",
        "rows": [
            {
                "value": "b",
                "scope": {"industry": "instant_delivery", "platform": "P"},
                "from": "2026-03-01",
                "source": {"document": "测试"},
                "verified": False,
            }
        ],
    }
    rest = [one for one in parameters if one.key != rates.TIER]
    changed = type(parameters)([Parameter.model_validate(named), *rest])
    for module in (rates, rate_table):
        monkeypatch.setattr(module, "parameters", changed)
    rates.provincial_tier.cache_clear()
    yield
    rates.provincial_tier.cache_clear()


@pytest.mark.usefixtures("province_names_a_tier")
def test_a_class_of_the_province_prices_its_platforms_orders() -> None:
    assert cost("instant_delivery", "2026-03-01", PricingTerms(platform="P"))[1] == Decimal("0.25")
    assert cost("instant_delivery", "2026-02-28", PricingTerms(platform="P"))[1] == Decimal("0.07")
    assert cost("instant_delivery", "2026-03-01", PricingTerms(platform="Q"))[1] == Decimal("0.07")
    assert cost("freight", "2026-03-01", PricingTerms(platform="P"))[1] == Decimal("0.18")


def shown(terms: PricingTerms, industry: str) -> list[tuple[str, str, str | None, str]]:
    found = rate_table.timeline(terms, industry, DISTRICT)
    return [(str(one.since), f"{one.price.premium:f}", one.tier, one.why) for one in found]


@pytest.mark.usefixtures("province_names_a_tier")
def test_a_platforms_rates_are_shown_with_what_they_rest_on() -> None:
    terms = PricingTerms(
        platform="P", declared=[(day("2026-01-10"), "a")], assigned=[(day("2026-05-01"), "a")], rates=OWN
    )
    assert shown(terms, "instant_delivery") == [
        ("2022-07-01", "0.04", None, "industry"),
        ("2025-07-01", "0.07", "a", "declared_class"),
        ("2026-03-01", "0.25", "b", "provincial_class"),
        ("2026-05-01", "0.07", "a", "assigned_class"),
    ]
    assert shown(terms, "freight") == [
        ("2022-07-01", "0.20", None, "industry"),
        ("2025-07-01", "0.18", None, "industry"),
        ("2026-03-01", "0.270", None, "own_rate"),
        ("2026-06-01", "0.15", None, "own_rate"),
        ("2026-09-01", "0.18", None, "own_rate"),
    ]
    assert [one.price.reason for one in rate_table.timeline(terms, "courier", DISTRICT)] == ["no_rate"]
    [*_, last] = rate_table.timeline(PricingTerms(), "instant_delivery", DISTRICT)
    assert [one.key for one in last.used] == ["oip.default_tier", "oip.premium_per_order"]


days_of_terms = st.dates(day("2022-01-01"), day("2027-12-31"))
classes = st.lists(st.tuples(days_of_terms, st.sampled_from("ab")), max_size=3).map(sorted)
own_rates = st.lists(
    st.builds(FloatingRate, days_of_terms, st.sampled_from(["factor", "amount"]), st.decimals("0.01", "3", places=2)),
    max_size=3,
).map(lambda found: sorted(found, key=lambda one: one.since))


@given(classes, classes, own_rates, st.sampled_from(["freight", "instant_delivery", "other"]), days_of_terms)
def test_an_order_costs_what_the_shown_rates_say(
    declared: list[tuple[dt.date, str]],
    assigned: list[tuple[dt.date, str]],
    own: list[FloatingRate],
    industry: str,
    on: dt.date,
) -> None:
    terms = PricingTerms(declared, assigned, {}, "P", {industry: own} if own else {})
    held = [one for one in rate_table.timeline(terms, industry, DISTRICT) if one.since <= on]
    due = price(terms, "w1", on, industry, DISTRICT)
    if held:
        assert held[-1].price == due
    else:
        assert due.reason == "no_rate"

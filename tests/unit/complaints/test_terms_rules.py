"""Pay held against what is agreed collectively, where that is more than the minimum wage."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.compliance import rules
from services.complaints.compliance.rules import Agreement, Bar, Interval, Shortfall, Terms
from shared.policy.calendar import SHANGHAI
from tests.unit.complaints.test_pay_rules import FIRST, LAST, paid

PLATFORM = "91510600MA0000001E"
TEN_HOURS = [
    Interval(
        dt.datetime(2026, 9, 3, 8, tzinfo=SHANGHAI),
        dt.datetime(2026, 9, 3, 18, tzinfo=SHANGHAI),
        "510603",
        "instant_delivery",
    )
]


def terms(hourly: str | None = None, waiting: str | None = None, since: dt.date = FIRST) -> Terms:
    return Terms(
        since=since,
        hourly_pay=None if hourly is None else Decimal(hourly),
        waiting_percent=None if waiting is None else Decimal(waiting),
    )


def agreement(*agreed: Terms, contract_id: str = "a", **changes: Any) -> Agreement:
    facts: dict[str, Any] = {
        "platforms": frozenset([PLATFORM]),
        "industry": None,
        "district": "510600",
        "valid_from": FIRST,
        "valid_to": LAST,
    }
    return Agreement(contract_id=contract_id, terms=agreed, **(facts | changes))


def short(gross: str, *agreements: Agreement) -> Shortfall | None:
    return rules.check(paid(gross), TEN_HOURS, agreements).shortfall


def test_agreed_pay_above_the_minimum_is_the_bar_and_is_named() -> None:
    assert short("250.00", agreement(terms("25.00"))) is None
    found = short("249.99", agreement(terms("25.00")))
    assert found is not None
    assert (found.minimum, found.shortfall, found.agreement_id) == (Decimal("25.00"), Decimal("0.01"), "a")


def test_the_minimum_wage_stays_the_bar_where_as_much_or_less_is_agreed() -> None:
    for agreed in ("21.00", "18.00"):
        found = short("200.00", agreement(terms(agreed)))
        assert found is not None
        assert (found.minimum, found.shortfall, found.agreement_id) == (Decimal(21), Decimal("10.00"), None)


def test_the_allowance_for_waiting_is_added_to_working_time() -> None:
    # ten hours of orders count as eleven: 231 yuan at the minimum wage
    assert short("231.00", agreement(terms(waiting="10"))) is None
    found = short("230.99", agreement(terms(waiting="10")))
    assert found is not None
    assert (found.working_seconds, found.waiting_percent, found.agreement_id) == (36_000, Decimal(10), "a")
    assert found.shortfall == Decimal("0.01")
    assert short("275.00", agreement(terms("25.00", "10"))) is None
    assert short("274.99", agreement(terms("25.00", "10"))) is not None


def test_of_several_agreements_the_one_that_gives_most_holds() -> None:
    trade = agreement(terms("24.00", "10"), contract_id="trade", platforms=frozenset(), industry="instant_delivery")
    own = agreement(terms("26.00"), contract_id="own")
    found = short("100.00", own, trade)
    assert found is not None
    assert (found.agreement_id, found.shortfall) == ("trade", Decimal("164.00"))


@pytest.mark.parametrize(
    "changes",
    [
        {"industry": "freight"},
        {"district": "510681"},
        {"valid_to": LAST - dt.timedelta(1)},
        {"valid_from": LAST + dt.timedelta(1), "valid_to": LAST + dt.timedelta(9)},
    ],
)
def test_a_contract_of_another_trade_district_or_time_does_not_count(changes: dict[str, Any]) -> None:
    found = short("200.00", agreement(terms("25.00"), **changes))
    assert found is not None
    assert (found.minimum, found.agreement_id) == (Decimal(21), None)


def test_whom_a_contract_binds() -> None:
    assert agreement(terms("25")).binds(PLATFORM)
    assert not agreement(terms("25")).binds("91510600MA0000009X")
    assert agreement(terms("25"), platforms=frozenset()).binds("91510600MA0000009X")


def test_the_terms_of_the_periods_last_day_hold() -> None:
    amended = agreement(terms("25.00"), terms("30.00", since=LAST + dt.timedelta(1)), valid_to=LAST + dt.timedelta(90))
    found = short("240.00", amended)
    assert found is not None
    assert found.minimum == Decimal("25.00")
    later = agreement(terms("25.00"), terms("30.00", since=LAST))
    found = short("240.00", later)
    assert found is not None
    assert found.minimum == Decimal("30.00")
    assert short("240.00", agreement(terms("30.00", since=LAST + dt.timedelta(1)))) is None


def test_orders_of_an_unknown_trade_are_bound_by_no_contract_of_a_trade() -> None:
    work = [Interval(TEN_HOURS[0].taken_at, TEN_HOURS[0].finished_at, "510603")]
    assert rules.trade_of(work) is None
    bound = agreement(terms("25.00"), platforms=frozenset(), industry="instant_delivery")
    assert rules.check(paid("210.00"), work, [bound]).shortfall is None


PAYS = st.decimals(Decimal("1"), Decimal("99"), places=2)
PERCENTS = st.decimals(Decimal(0), Decimal(100), places=2)


@given(st.lists(st.tuples(PAYS, PERCENTS), max_size=5), st.randoms())
def test_an_agreement_never_lowers_the_bar_and_their_order_does_not_matter(
    agreed: list[tuple[Decimal, Decimal]], chance: object
) -> None:
    some = [agreement(terms(str(pay), str(more)), contract_id=f"{n}") for n, (pay, more) in enumerate(agreed)]
    found = rules.bar(Decimal(21), some, LAST, None, "510603")
    assert found.hundredfold >= Bar(Decimal(21)).hundredfold
    assert all(found.hundredfold >= max(Decimal(21), pay) * (100 + more) for pay, more in agreed)
    chance.shuffle(some)  # type: ignore[attr-defined]
    assert rules.bar(Decimal(21), some, LAST, None, "510603") == found

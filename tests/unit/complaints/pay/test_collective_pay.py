"""Pay held against what is agreed collectively, where that is more than the minimum wage."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.collective_contracts.rules import CollectiveContract
from services.complaints.pay import rules
from services.complaints.pay.rules import Bar, Interval, Shortfall
from shared.policy.calendar import SHANGHAI
from tests.unit.complaints.collective_contracts.test_rules import contract, pay
from tests.unit.complaints.pay.test_rules import LAST, paid

TEN_HOURS = [
    Interval(
        dt.datetime(2026, 9, 3, 8, tzinfo=SHANGHAI),
        dt.datetime(2026, 9, 3, 18, tzinfo=SHANGHAI),
        "510603",
        "instant_delivery",
    )
]


def short(gross: str, *contracts: CollectiveContract) -> Shortfall | None:
    return rules.check(paid(gross), TEN_HOURS, contracts).shortfall


def test_agreed_pay_above_the_minimum_is_the_bar_and_is_named() -> None:
    assert short("250.00", contract(pay("25.00"))) is None
    found = short("249.99", contract(pay("25.00")))
    assert found is not None
    assert (found.minimum, found.shortfall, found.contract_id) == (Decimal("25.00"), Decimal("0.01"), "a")


def test_the_minimum_wage_holds_where_no_more_is_agreed() -> None:
    for agreed in ("21.00", "18.00"):
        found = short("200.00", contract(pay(agreed)))
        assert found is not None
        assert (found.minimum, found.shortfall, found.contract_id) == (Decimal(21), Decimal("10.00"), None)


def test_the_allowance_for_waiting_is_added_to_working_time() -> None:
    # ten hours of orders count as eleven: 231 yuan at the minimum wage
    assert short("231.00", contract(pay(waiting="10"))) is None
    found = short("230.99", contract(pay(waiting="10")))
    assert found is not None
    assert (found.working_seconds, found.waiting_percent, found.contract_id) == (36_000, Decimal(10), "a")
    assert found.shortfall == Decimal("0.01")
    assert short("275.00", contract(pay("25.00", "10"))) is None
    assert short("274.99", contract(pay("25.00", "10"))) is not None


def test_of_several_contracts_the_one_that_gives_most_holds() -> None:
    trade = contract(pay("24.00", "10"), contract_id="trade", platforms=frozenset(), industry="instant_delivery")
    own = contract(pay("26.00"), contract_id="own")
    found = short("100.00", own, trade)
    assert found is not None
    assert (found.contract_id, found.shortfall) == ("trade", Decimal("164.00"))


@pytest.mark.parametrize(
    "changes",
    [
        {"industry": "freight"},
        {"district": "510681"},
        {"valid_to": LAST - dt.timedelta(1)},
        {"valid_from": LAST + dt.timedelta(1), "valid_to": LAST + dt.timedelta(9)},
    ],
)
def test_a_contract_of_another_trade_district_or_time_counts_not(changes: dict[str, Any]) -> None:
    found = short("200.00", contract(pay("25.00"), **changes))
    assert found is not None
    assert (found.minimum, found.contract_id) == (Decimal(21), None)


def test_the_pay_agreed_on_the_periods_last_day_holds() -> None:
    amended = contract(pay("25.00"), pay("30.00", since=LAST + dt.timedelta(1)), valid_to=LAST + dt.timedelta(90))
    found = short("240.00", amended)
    assert found is not None
    assert found.minimum == Decimal("25.00")
    later = contract(pay("25.00"), pay("30.00", since=LAST))
    found = short("240.00", later)
    assert found is not None
    assert found.minimum == Decimal("30.00")
    assert short("240.00", contract(pay("30.00", since=LAST + dt.timedelta(1)))) is None


def test_no_contract_of_a_trade_binds_orders_of_none() -> None:
    work = [Interval(TEN_HOURS[0].taken_at, TEN_HOURS[0].finished_at, "510603")]
    assert rules.trade_of(work) is None
    bound = contract(pay("25.00"), platforms=frozenset(), industry="instant_delivery")
    assert rules.check(paid("210.00"), work, [bound]).shortfall is None


PAYS = st.decimals(Decimal("1"), Decimal("99"), places=2)
PERCENTS = st.decimals(Decimal(0), Decimal(100), places=2)


@given(st.lists(st.tuples(PAYS, PERCENTS), max_size=5), st.randoms())
def test_no_contract_lowers_the_bar_in_whatever_order_they_come(
    agreed: list[tuple[Decimal, Decimal]], chance: object
) -> None:
    some = [contract(pay(str(yuan), str(more)), contract_id=f"{n}") for n, (yuan, more) in enumerate(agreed)]
    found = rules.bar(Decimal(21), some, LAST, None, "510603")
    assert found.hundredfold >= Bar(Decimal(21)).hundredfold
    assert all(found.hundredfold >= max(Decimal(21), yuan) * (100 + more) for yuan, more in agreed)
    chance.shuffle(some)  # type: ignore[attr-defined]
    assert rules.bar(Decimal(21), some, LAST, None, "510603") == found

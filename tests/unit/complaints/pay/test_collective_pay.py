"""Pay held against what is agreed collectively, where that is more than the minimum wage."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.collective_contracts.rules import CollectiveContract
from services.complaints.pay.minimum_rules import Bar, bar, measure
from shared.contracts.complaints.pay_findings import BelowMinimum, MinimumPart
from tests.unit.complaints.collective_contracts.test_rules import contract, pay
from tests.unit.complaints.pay.settlements import EMPLOYED, FIRST, LAST, PARTIAL, at, order, paid

DAY = dt.date(2026, 9, 3)
TEN_HOURS = [order(at(3, 8), at(3, 18), trade="instant_delivery")]


def below(gross: str, *contracts: CollectiveContract) -> BelowMinimum | None:
    found = measure(paid(gross), TEN_HOURS, PARTIAL, contracts).found
    if found is None:
        return None
    assert isinstance(found.finding, BelowMinimum)
    return found.finding


def short(gross: str, *contracts: CollectiveContract) -> MinimumPart | None:
    """The part of the day that was worked."""
    found = below(gross, *contracts)
    return None if found is None else next(part for part in found.parts if part.working_seconds)


def test_agreed_pay_above_the_minimum_is_the_bar_and_is_named() -> None:
    assert short("250.00", contract(pay("25.00"))) is None
    found = short("249.99", contract(pay("25.00")))
    assert found is not None
    assert (found.minimum, found.due, found.collective_contract_id) == ("25.00", "250.00", "a")


def test_the_minimum_wage_holds_where_no_more_is_agreed() -> None:
    for agreed in ("21.00", "18.00"):
        found = short("200.00", contract(pay(agreed)))
        assert found is not None
        assert (found.minimum, found.due, found.collective_contract_id) == ("21.00", "210.00", None)


def test_the_allowance_for_waiting_is_added_to_working_time() -> None:
    # ten hours of orders count as eleven: 231 yuan at the minimum wage
    assert short("231.00", contract(pay(waiting="10"))) is None
    found = short("230.99", contract(pay(waiting="10")))
    assert found is not None
    assert (found.working_seconds, found.waiting_percent, found.collective_contract_id) == (36_000, "10", "a")
    assert found.due == "231.00"
    assert short("275.00", contract(pay("25.00", "10"))) is None
    assert short("274.99", contract(pay("25.00", "10"))) is not None


def test_of_several_contracts_the_one_that_gives_most_holds() -> None:
    trade = contract(pay("24.00", "10"), contract_id="trade", platforms=frozenset(), industry="instant_delivery")
    own = contract(pay("26.00"), contract_id="own")
    found = short("100.00", own, trade)
    assert found is not None
    assert (found.collective_contract_id, found.due) == ("trade", "264.00")


@pytest.mark.parametrize(
    "changes",
    [
        {"industry": "freight"},
        {"district": "510681"},
        {"valid_to": DAY - dt.timedelta(1)},
        {"valid_from": DAY + dt.timedelta(1), "valid_to": LAST + dt.timedelta(9)},
    ],
)
def test_a_contract_of_another_trade_district_or_time_counts_not(changes: dict[str, Any]) -> None:
    found = short("200.00", contract(pay("25.00"), **changes))
    assert found is not None
    assert (found.minimum, found.collective_contract_id) == ("21.00", None)


def test_the_pay_agreed_on_the_day_of_work_holds() -> None:
    amended = contract(pay("25.00"), pay("30.00", since=DAY + dt.timedelta(1)))
    found = short("240.00", amended)
    assert found is not None
    assert found.minimum == "25.00"
    found = short("240.00", contract(pay("25.00"), pay("30.00", since=DAY)))
    assert found is not None
    assert found.minimum == "30.00"


def test_a_contract_counts_from_the_day_on_which_it_begins() -> None:
    # ten hours before it at 21, ten under it at 25
    work = [*TEN_HOURS, order(at(9, 8), at(9, 18), trade="instant_delivery")]
    begun = contract(pay("25.00"), valid_from=dt.date(2026, 9, 8))
    found = measure(paid("459.99"), work, PARTIAL, [begun]).found
    assert found is not None
    assert isinstance(found.finding, BelowMinimum)
    assert [(part.minimum, part.due) for part in found.finding.parts] == [("21.00", "210.00"), ("25.00", "250.00")]
    assert found.finding.shortfall == "0.01"


def test_an_employee_is_due_what_was_agreed_where_it_is_more() -> None:
    # 120 hours at 25 are 3000, more than 2200 * 11 / 21.75
    days = range(1, 13)
    work = [order(at(day, 8), at(day, 18), trade="instant_delivery") for day in days]
    agreed = contract(pay("25.00"), valid_from=FIRST)
    found = measure(paid("2999.99"), work, EMPLOYED, [agreed]).found
    assert found is not None
    assert isinstance(found.finding, BelowMinimum)
    [part] = found.finding.parts
    assert (part.due, part.collective_contract_id, found.finding.shortfall) == ("3000.00", "a", "0.01")
    low = measure(paid("1000.00"), work[:1], EMPLOYED, [agreed]).found
    assert low is not None
    assert isinstance(low.finding, BelowMinimum)
    assert (low.finding.due, low.finding.parts[0].collective_contract_id) == ("1112.64", None)


def test_no_contract_of_a_trade_binds_orders_of_none() -> None:
    work = [order(at(3, 8), at(3, 18))]
    bound = contract(pay("25.00"), platforms=frozenset(), industry="instant_delivery")
    assert measure(paid("210.00"), work, PARTIAL, [bound]).found is None


PAYS = st.decimals(Decimal("1"), Decimal("99"), places=2)
PERCENTS = st.decimals(Decimal(0), Decimal(100), places=2)


@given(st.lists(st.tuples(PAYS, PERCENTS), max_size=5), st.randoms())
def test_no_contract_lowers_the_bar_in_whatever_order_they_come(
    agreed: list[tuple[Decimal, Decimal]], chance: object
) -> None:
    some = [contract(pay(str(yuan), str(more)), contract_id=f"{n}") for n, (yuan, more) in enumerate(agreed)]
    found = bar(Decimal(21), some, LAST, None, "510603")
    assert found.hundredfold >= Bar(Decimal(21)).hundredfold
    assert all(found.hundredfold >= max(Decimal(21), yuan) * (100 + more) for yuan, more in agreed)
    chance.shuffle(some)  # type: ignore[attr-defined]
    assert bar(Decimal(21), some, LAST, None, "510603") == found

"""Pay held against agreed piece rates and commissions: the least that follows, and nothing where something is not told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from services.complaints.collective_contracts.rules import AgreedRate, AgreedRates, CollectiveContract
from services.complaints.parties.rules import Footing
from services.complaints.pay.agreed_rules import commission, piece_rates
from shared.contracts.complaints.pay_findings import CommissionExceeded, PieceRateShort
from tests.unit.complaints.pay.settlements import FIRST, LAST, OWN, PARTIAL, at, footing, order, paid

TEN = [order(at(3, hour), at(3, hour, 30), trade="instant_delivery") for hour in range(8, 18)]


def contract(*rates: AgreedRate, **changes: Any) -> CollectiveContract:
    facts: dict[str, Any] = {
        "contract_id": "c-1",
        "platforms": frozenset(),
        "industry": None,
        "district": "510600",
        "valid_from": dt.date(2026, 1, 1),
        "valid_to": dt.date(2026, 12, 31),
        "pay": (),
        "rates": (AgreedRates(since=dt.date(2026, 1, 1), rates=rates),),
    }
    return CollectiveContract(**(facts | changes))


def rate(amount: str, industry: str | None = None, **days: Any) -> AgreedRate:
    return AgreedRate(industry=industry, amount=Decimal(amount), **days)


def short(
    gross: str, *contracts: CollectiveContract, footings: list[Footing] = PARTIAL, told: int | None = 10, **pay: Any
) -> PieceRateShort | None:
    found = piece_rates(paid(gross, orders=told, **pay), TEN, footings, contracts)
    if found is None:
        return None
    assert isinstance(found.finding, PieceRateShort)
    return found.finding


def test_ten_orders_are_worth_ten_times_the_agreed_rate() -> None:
    assert short("45.00", contract(rate("4.50"))) is None
    found = short("44.99", contract(rate("4.50")))
    assert found is not None
    assert (found.orders, found.due, found.pay, found.shortfall) == (10, "45.00", "44.99", "0.01")
    [part] = found.parts
    assert (part.collective_contract_id, part.rate, part.orders, part.due) == ("c-1", "4.50", 10, "45.00")


def test_nothing_is_claimed_where_something_is_not_told() -> None:
    agreed = contract(rate("4.50"))
    assert short("1.00", agreed, told=None) is None  # for how many orders it is
    assert short("1.00") is None
    assert short("1.00", contract()) is None
    assert short("1.00", contract(rate("4.50", "freight"))) is None
    assert short("1.00", agreed, footings=OWN) is None  # they agree on their pay themselves
    assert short("1.00", agreed, footings=[]) is None
    assert short("1.00", contract(rate("4.50"), valid_to=dt.date(2026, 9, 2))) is None
    assert piece_rates(paid("1.00", orders=3), [], PARTIAL, [agreed]) is None


def test_a_settlement_for_fewer_orders_counts_the_cheapest() -> None:
    from_noon = [
        *TEN[:5],
        *(order(one.taken_at, one.finished_at, trade="freight") for one in TEN[5:]),
    ]
    agreed = contract(rate("4.00", "instant_delivery"), rate("9.00", "freight"))
    found = piece_rates(paid("1.00", orders=6), from_noon, PARTIAL, [agreed])
    assert found is not None
    assert isinstance(found.finding, PieceRateShort)
    assert found.finding.due == "29.00"  # five at 4 and one at 9


@pytest.mark.parametrize(("gross", "claimed"), [("100.00", True), ("105.00", False)])
def test_what_is_paid_beside_the_piece_rate_does_not_count(gross: str, claimed: bool) -> None:
    components = [("overtime", "40.00"), ("heat_allowance", "20.00"), ("bonus", "5.00")]
    found = short(gross, contract(rate("4.50")), components=components)
    assert (found is not None) == claimed
    if found is not None:
        assert (found.pay, found.excluded, found.shortfall) == ("40.00", "60.00", "5.00")


def test_rates_hold_on_their_days_and_the_trades_own_goes_first() -> None:
    assert short("44.00", contract(rate("4.50", since=dt.date(2026, 9, 4)))) is None
    assert short("44.00", contract(rate("4.50", until=dt.date(2026, 9, 2)))) is None
    own = contract(rate("9.00"), rate("4.40", "instant_delivery"))
    assert short("44.00", own) is None
    other = contract(rate("5.00"), contract_id="c-2")
    found = short("44.00", own, other)
    assert found is not None
    assert found.parts[0].collective_contract_id == "c-2"
    later = contract(
        rates=(AgreedRates(since=FIRST, rates=(rate("4.00"),)), AgreedRates(since=LAST, rates=(rate("9"),)))
    )
    assert short("40.00", later) is None


def test_of_several_rates_of_one_trade_the_lowest_is_claimed() -> None:
    assert short("40.00", contract(rate("4.00"), rate("6.00"))) is None


def taken(amount: str, *contracts: CollectiveContract, footings: list[Footing] = PARTIAL) -> CommissionExceeded | None:
    pay = paid("1000.00", deductions=[("commission", amount), ("fine", "900.00")])
    found = commission(pay, TEN, footings, contracts)
    if found is None:
        return None
    assert isinstance(found.finding, CommissionExceeded)
    return found.finding


def test_more_commission_than_agreed_is_shown_with_its_sum() -> None:
    agreed = contract(AgreedRate(industry=None, percent=Decimal("18.50")))
    assert taken("185.00", agreed) is None
    found = taken("185.01", agreed)
    assert found is not None
    assert (found.percent, found.allowed, found.excess) == ("18.5", "185.00", "0.01")
    assert taken("999.00") is None
    assert taken("999.00", agreed, footings=OWN) is None
    assert taken("999.00", agreed, footings=[footing("partial", last=dt.date(2026, 9, 10))]) is None


def test_where_the_agreed_commission_changes_nothing_is_claimed() -> None:
    agreed = contract(AgreedRate(industry=None, percent=Decimal(10), until=dt.date(2026, 9, 10)))
    assert taken("999.00", agreed) is None

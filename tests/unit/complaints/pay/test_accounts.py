"""Several accounts of one person for one employer: what they pay, and what was worked through them, counts together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.collective_contracts.rules import AgreedRate, AgreedRates, CollectiveContract
from services.complaints.pay.agreed_rules import piece_rates
from services.complaints.pay.extra_pay_rules import UNNAMED, holiday_pay
from services.complaints.pay.payment_rules import Pay
from services.complaints.pay.rules import PASSED_ON, TOO_MANY, check, of_many, of_several
from services.complaints.pay.time_rules import Interval, apart, on_paid_days
from services.complaints.pay.together_rules import together
from shared.contracts.complaints.pay_findings import PayBelowHourlyMinimum
from tests.unit.complaints.pay.settlements import EMPLOYED, PARTIAL, at, footing, order, paid

MONTH = (dt.date(2026, 9, 1), dt.date(2026, 9, 30))
HALVES = ((dt.date(2026, 9, 1), dt.date(2026, 9, 15)), (dt.date(2026, 9, 16), dt.date(2026, 9, 30)))


def told(own: str, gross: str, account: str = "one", days: tuple[dt.date, dt.date] = MONTH, **more: Any) -> Pay:
    return Pay(
        settlement_id=own,
        period_start=days[0],
        period_end=days[1],
        gross=Decimal(gross),
        paid_on=dt.date(2026, 10, 8),
        account=account,
        **more,
    )


def work(account: str, day: int, begin: int, end: int) -> Interval:
    return replace(order(at(day, begin), at(day, end)), account=account)


def short(all_: Sequence[Pay], orders: Sequence[Interval], footings: Any = PARTIAL) -> dict[str, str]:
    """By settlement what each is short of a minimum by."""
    found: dict[str, str] = {}
    for one in all_:
        checked = check(one, orders, footings, others=[other for other in all_ if other is not one])
        for sign in checked.found:
            if hasattr(sign.finding, "shortfall"):
                found[one.settlement_id] = sign.finding.shortfall
    return found


def test_the_monthly_minimum_is_due_once_for_both_accounts() -> None:
    orders = [work("one", 3, 8, 16), work("two", 4, 8, 16)]
    first, second = told("a", "1200.00"), told("b", "1000.00", "two")
    assert short([first], orders, EMPLOYED) == {"a": "1000.00"}
    assert short([first, second], orders, EMPLOYED) == {}
    assert short([first, replace(second, gross=Decimal("999.99"))], orders, EMPLOYED) == {"a": "0.01"}


def test_an_hour_under_two_accounts_counts_once() -> None:
    """Ten hours under one and the same ten under the other are ten; what both pay is held against them."""
    orders = [work("one", 3, 8, 18), work("two", 3, 8, 18)]
    both = [told("a", "110.00"), told("b", "99.99", "two")]
    assert short(both, orders) == {"a": "0.01"}
    checked = check(both[0], orders, PARTIAL, others=both[1:])
    [sign] = checked.found
    assert isinstance(sign.finding, PayBelowHourlyMinimum)
    assert (sign.finding.working_seconds, sign.finding.pay, sign.finding.orders) == (36_000, "209.99", 2)
    assert sign.finding.further_settlements == ("b",)
    assert "accounts_together" in sign.to_judge


def test_work_of_an_account_counts_on_the_days_it_was_paid_for() -> None:
    """What the other account is not settled for yet is no work that this one is short of."""
    orders = [work("one", 3, 8, 18), work("two", 3, 8, 18), work("two", 20, 8, 18)]
    assert short([told("a", "210.00")], orders) == {}
    both = [told("a", "110.00"), told("b", "100.00", "two", HALVES[0])]
    assert short(both, orders) == {}
    assert short([*both, told("c", "0.00", "two", HALVES[1])], orders) == {"a": "210.00"}


@pytest.mark.parametrize("gross", ["1100.00", "1099.00"])
def test_parts_of_two_accounts_make_up_a_month(gross: str) -> None:
    """One after the other, and each with parts of its own, though these overlap."""
    orders = [work("one", 3, 8, 16), work("two", 20, 8, 16)]
    expected = {} if gross == "1100.00" else {"a": "1.00"}
    assert (
        short([told("a", "1100.00", days=HALVES[0]), told("b", gross, "two", HALVES[1])], orders, EMPLOYED) == expected
    )
    thirds = [(dt.date(2026, 9, 1), dt.date(2026, 9, 10)), (dt.date(2026, 9, 11), dt.date(2026, 9, 30))]
    several = [
        told("a", "500.00", days=HALVES[0]),
        told("b", "600.00", days=HALVES[1]),
        told("c", "500.00", "two", thirds[0]),
        told("d", f"{Decimal(gross) - 500}", "two", thirds[1]),
    ]
    assert short(several, orders, EMPLOYED) == expected


def test_an_officer_reads_that_periods_of_accounts_clash() -> None:
    """Those of one account are said to overlap, those of two to be measured apart."""
    orders = [work("one", 3, 8, 18), work("two", 4, 8, 18)]
    across = (dt.date(2026, 8, 26), dt.date(2026, 9, 25))

    def asked(account: str) -> set[str]:
        found = check(told("a", "1.00"), orders, PARTIAL, others=[told("b", "1.00", account, across)]).found
        [sign] = [one for one in found if isinstance(one.finding, PayBelowHourlyMinimum)]
        return {*sign.to_judge} & {"periods_overlap", "accounts_apart", "accounts_together"}

    assert asked("one") == {"periods_overlap"}
    assert asked("two") == {"periods_overlap", "accounts_apart"}


def test_of_too_many_accounts_a_person_adds_up_what_they_pay() -> None:
    one = told("a", "1.00", net=Decimal("0.50"), due_on=dt.date(2026, 10, 1))
    found = of_many(one, [work("one", 3, 8, 18)], PARTIAL)
    assert found.undecided == (TOO_MANY,)
    assert {type(sign.finding).__name__ for sign in found.found} == {"PayLate", "PayShort"}
    assert all("accounts_left_out" in sign.to_judge for sign in found.found)


def test_pieces_paid_by_two_accounts_are_added_up() -> None:
    agreed = AgreedRates(since=dt.date(2026, 1, 1), rates=[AgreedRate(industry=None, amount=Decimal("4.50"))])
    contract = CollectiveContract(
        contract_id="c-1",
        platforms=frozenset(),
        industry=None,
        district="510600",
        valid_from=dt.date(2026, 1, 1),
        valid_to=dt.date(2026, 12, 31),
        pay=(),
        rates=(agreed,),
    )
    orders = [work("one", 3, hour, hour + 1) for hour in (8, 9)] + [
        work("two", 3, hour, hour + 1) for hour in (10, 11, 12)
    ]
    whole = together(told("a", "9.00", orders=2), [told("b", "13.49", "two", orders=3)])
    assert whole is not None
    assert whole.orders == 5
    found = piece_rates(whole, orders, PARTIAL, [contract])
    assert found is not None
    assert (found.finding.due, found.finding.shortfall) == ("22.50", "0.01")  # type: ignore[union-attr]


def test_a_zero_settlement_within_is_no_earlier_pay() -> None:
    """A quarter that is paid at once is paid too late, though each month was settled for nothing before."""
    quarter = told("q", "9000.00", days=(dt.date(2026, 7, 1), dt.date(2026, 9, 30)))
    orders = [work("one", 3, 8, 18)]

    def is_too_late(*others: Pay) -> bool:
        found = check(quarter, orders, EMPLOYED, others=others).found
        return "PayPeriodTooLong" in {type(one.finding).__name__ for one in found}

    assert not is_too_late(told("m", "2300.00"))
    assert is_too_late(told("m", "0.00"))
    assert is_too_late(told("m", "2300.00", "two"))


def test_a_month_of_work_that_is_paid_nothing_is_short() -> None:
    orders = [work("one", 3, 8, 18)]
    assert short([told("a", "0.00")], orders) == {"a": "210.00"}
    assert short([told("a", "0.00")], orders, EMPLOYED) == {"a": "2200.00"}
    assert short([told("a", "0.00")], []) == {}


def test_what_several_had_a_reference_for_is_charged_to_none() -> None:
    orders = [work("one", 3, 8, 18)]
    one = told("a", "1.00", net=Decimal("0.50"), due_on=dt.date(2026, 10, 1))
    found = of_several(one, orders, PARTIAL)
    assert found.undecided == (PASSED_ON,)
    assert {type(sign.finding).__name__ for sign in found.found} == {"PayLate", "PayShort"}
    assert all("reference_passed" in sign.to_judge for sign in found.found)


def test_an_order_that_ends_at_midnight_is_of_the_day_before() -> None:
    agreed = AgreedRates(since=dt.date(2026, 1, 1), rates=[AgreedRate(industry=None, amount=Decimal("4.50"))])
    contract = CollectiveContract(
        contract_id="c-1",
        platforms=frozenset(),
        industry=None,
        district="510600",
        valid_from=dt.date(2026, 1, 1),
        valid_to=dt.date(2026, 12, 31),
        pay=(),
        rates=(agreed,),
    )
    night = [order(at(15, 23), at(16, 0))]
    for half, due in zip(HALVES, ("4.50", None), strict=True):
        found = piece_rates(paid("0.00", first=half[0], last=half[1], orders=9), night, PARTIAL, [contract])
        assert (found and found.finding.due) == due  # type: ignore[union-attr]


def test_less_than_a_second_of_a_holiday_is_no_work_on_it() -> None:
    """An order that ends with the night before a statutory holiday, or a moment later."""
    october = paid("2200.00", first=dt.date(2026, 9, 20), last=dt.date(2026, 10, 10))
    midnight, moment = at(1, 0, month=10), dt.timedelta(microseconds=400_000)
    for ends, undecided in ((midnight, None), (midnight + moment, None), (midnight + dt.timedelta(seconds=1), UNNAMED)):
        assert holiday_pay(october, [order(at(30, 20), ends)], EMPLOYED) == (None, undecided)


def test_paid_days_count_once() -> None:
    days = [("one", *HALVES[1]), ("one", *HALVES[0]), ("one", *MONTH), ("two", *HALVES[0])]
    assert apart(days) == [("one", *MONTH), ("two", *HALVES[0])]
    orders = [work("one", 3, 8, 9), work("two", 3, 8, 9), work("two", 20, 8, 9)]
    assert on_paid_days(orders, days) == orders[:2]


SETTLED = st.lists(
    st.builds(
        lambda account, days, gross, on: (account, days, gross, on),
        st.sampled_from(["one", "two", "three"]),
        st.sampled_from(
            [MONTH, *HALVES, (dt.date(2026, 9, 1), dt.date(2026, 9, 10)), (dt.date(2026, 9, 10), MONTH[1])]
        ),
        st.integers(0, 2500),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=6,
).map(
    lambda rows: [
        replace(told(f"s{n}", str(gross), account, days), paid_on=dt.date(2026, 10, on))
        for n, (account, days, gross, on) in enumerate(rows)
    ]
)
ORDERS = st.lists(
    st.builds(
        work, st.sampled_from(["one", "two", "three"]), st.integers(1, 30), st.integers(6, 12), st.integers(13, 20)
    ),
    max_size=8,
)
ON = st.sampled_from(
    [PARTIAL, EMPLOYED, [footing("partial", last=dt.date(2026, 9, 12)), footing("employment", dt.date(2026, 9, 13))]]
)


@given(SETTLED, ORDERS, ON, st.randoms())
def test_accounts_show_the_same_in_any_order(pays: list[Pay], orders: list[Interval], on: Any, chance: object) -> None:
    def shown() -> dict[str, Any]:
        return {
            one.settlement_id: check(one, orders, on, others=[two for two in pays if two is not one]) for one in pays
        }

    before = shown()
    chance.shuffle(pays)  # type: ignore[attr-defined]
    chance.shuffle(orders)  # type: ignore[attr-defined]
    assert shown() == before


@given(SETTLED, ORDERS, ON)
def test_what_is_told_twice_changes_nothing(pays: list[Pay], orders: list[Interval], on: Any) -> None:
    """An order that came twice, under whichever of the accounts: its time is the same."""
    before = short(pays, orders, on)
    assert short(pays, [*orders, *orders], on) == before


@given(SETTLED, ORDERS)
def test_two_accounts_owe_no_more_than_one(pays: list[Pay], orders: list[Interval]) -> None:
    """A person with several accounts is due no more for a month than one with all of it under one; and no less where each settlement
    is for the whole month."""
    whole = [replace(one, period_start=MONTH[0], period_end=MONTH[1]) for one in pays]
    used = {one.account for one in whole}
    theirs = [one for one in orders if one.account in used]
    as_one = [replace(one, account="one") for one in whole]
    assert short(whole, theirs, EMPLOYED) == short(as_one, [replace(one, account="one") for one in theirs], EMPLOYED)
    assert short(whole, theirs) == short(as_one, [replace(one, account="one") for one in theirs])

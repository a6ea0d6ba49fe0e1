"""Settlements for the same days: what was paid for them counts together, and each shortfall is shown once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.parties.rules import Footing
from services.complaints.pay.extra_pay_rules import UNNAMED
from services.complaints.pay.payment_rules import Pay
from services.complaints.pay.rules import IN_PARTS, Checked, check
from services.complaints.pay.time_rules import Interval
from services.complaints.pay.together_rules import clashing, together
from tests.unit.complaints.pay.settlements import EMPLOYED, PARTIAL, TEN_HOURS, Amounts, at, order

MONTH = (dt.date(2026, 9, 1), dt.date(2026, 9, 30))
HALF = (dt.date(2026, 9, 1), dt.date(2026, 9, 15))


def told(
    own: str, gross: str, days: tuple[dt.date, dt.date] = HALF, paid: int = 16, named: Amounts = (), **more: Any
) -> Pay:
    return Pay(
        settlement_id=own,
        period_start=days[0],
        period_end=days[1],
        gross=Decimal(gross),
        components=[(kind, Decimal(amount)) for kind, amount in named],
        paid_on=dt.date(2026, 9, 1) + dt.timedelta(paid),
        **more,
    )


def checked(one: Pay, all_: Sequence[Pay], work: Sequence[Interval] = TEN_HOURS, footings: Any = PARTIAL) -> Checked:
    return check(one, work, footings, others=[other for other in all_ if other is not one])


def shortfalls(all_: Sequence[Pay], work: Sequence[Interval] = TEN_HOURS, footings: Any = PARTIAL) -> dict[str, str]:
    """By settlement what each is short of a minimum by."""
    found = {one.settlement_id: checked(one, all_, work, footings).found for one in all_}
    return {
        own: sign.finding.shortfall
        for own, signs in found.items()
        for sign in signs
        if hasattr(sign.finding, "shortfall")
    }


def test_a_rest_that_is_paid_later_makes_up_for_a_shortfall() -> None:
    first, rest = told("a", "150.00"), told("b", "60.00", paid=20)
    assert shortfalls([first]) == {"a": "60.00"}
    assert shortfalls([first, rest]) == {}
    assert shortfalls([first, told("b", "59.99", paid=20)]) == {"a": "0.01"}


def test_a_bonus_is_no_pay_under_the_minimum() -> None:
    """Neither one of the same days nor one of fewer; paid by itself it would be far too little for all the work."""
    assert shortfalls([told("a", "210.00"), told("b", "50.00", paid=20)]) == {}
    assert shortfalls([told("a", "210.00"), told("0", "5.00", (at(3, 0).date(), at(3, 0).date()), paid=4)]) == {}


def test_days_that_are_paid_one_by_one_count_towards_their_month() -> None:
    days = [told(f"d{day}", "100.00", (at(day, 0).date(), at(day, 0).date()), day) for day in (3, 4)]
    work = [order(at(day, 8), at(day, 13)) for day in (3, 4)]  # 105 yuan each
    assert shortfalls(days, work) == {"d3": "5.00", "d4": "5.00"}
    assert shortfalls([*days, told("m", "9.99", MONTH, 30)], work) == {"m": "0.01"}
    assert shortfalls([*days, told("m", "10.00", MONTH, 30)], work) == {}


def test_a_quarters_bonus_makes_up_for_no_month() -> None:
    quarter = told("q", "900.00", (dt.date(2026, 7, 1), dt.date(2026, 9, 30)), 35)
    month = told("m", "2100.00", MONTH, 30)
    short = shortfalls([quarter, month], TEN_HOURS, EMPLOYED)
    assert short["m"] == "100.00"
    earlier = [told(f"m{n}", "2500.00", (dt.date(2026, n, 1), dt.date(2026, n, 31)), 30) for n in (7, 8)]
    assert shortfalls([quarter, month, *earlier], TEN_HOURS, EMPLOYED) == {"m": "100.00"}


def test_what_is_left_to_a_person_is_said() -> None:
    several = [told("a", "100.00", named=(("orders", "100.00"),)), told("b", "60.00", paid=20)]
    [sign] = checked(several[0], several).found
    assert set(sign.to_judge) == {"normal_labour", "components_unknown", "paid_in_parts"}
    beside = [told("a", "100.00"), told("b", "60.00", (at(10, 0).date(), at(20, 0).date()), 22)]
    [sign] = checked(beside[0], beside).found
    assert "periods_overlap" in sign.to_judge
    assert "paid_in_parts" not in sign.to_judge


def test_a_holidays_pay_may_be_told_in_a_settlement_of_its_own() -> None:
    days = (dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    work = [order(at(day, 8, month=10), at(day, 16, month=10)) for day in (2, 8)]
    month = told("a", "2200.00", days, 60, (("orders", "2200.00"),))
    feast = told("b", "6600.00", days, 61, (("holiday_overtime", "6600.00"),))
    kinds = [
        type(sign.finding).__name__
        for one in (month, feast)
        for sign in checked(one, [month, feast], work, EMPLOYED).found
    ]
    assert kinds == []
    assert "HolidayPay" in [type(sign.finding).__name__ for sign in checked(month, [month], work, EMPLOYED).found]
    unnamed = told("b", "6600.00", days, 61)
    found = checked(month, [month, unnamed], work, EMPLOYED)
    assert ([type(sign.finding).__name__ for sign in found.found], found.undecided) == ([], (UNNAMED, IN_PARTS))


def kinds(one: Pay, others: Sequence[Pay], work: Sequence[Interval] = TEN_HOURS, footings: Any = EMPLOYED) -> set[str]:
    return {type(sign.finding).__name__ for sign in check(one, work, footings, others=others).found}


def test_a_bonus_of_a_quarter_is_no_pay_settled_too_late() -> None:
    quarter = told("q", "900.00", (dt.date(2026, 7, 1), dt.date(2026, 9, 30)), 35)
    month = told("m", "2300.00", MONTH, 30)
    assert "PayPeriodTooLong" in kinds(quarter, [])
    assert "PayPeriodTooLong" not in kinds(quarter, [month])
    assert "PayPeriodTooLong" in kinds(quarter, [month], [*TEN_HOURS, order(at(3, 8, month=8), at(3, 9, month=8))])


def test_damage_withheld_later_is_a_share_of_all_pay() -> None:
    month = told("a", "2750.00", MONTH, 30)
    for withheld, too_large in (("550.00", False), ("550.01", True)):
        back = told("b", "0.00", MONTH, 40, deductions=[("damages", Decimal(withheld))])
        assert ("DeductionTooLarge" in kinds(month, [back])) == too_large
        assert "DeductionTooLarge" not in kinds(back, [month])


def test_long_days_of_part_time_work_are_not_paid_as_overtime() -> None:
    by_the_hour = [Footing(first=dt.date(2026, 1, 1), last=None, relation="employment", part_time=True)]
    paid = told("a", "900.00", HALF, 15, (("hours", "900.00"),))
    assert "OvertimePay" not in kinds(paid, [], TEN_HOURS, by_the_hour)
    assert "OvertimePay" in kinds(paid, [], TEN_HOURS, EMPLOYED)


def test_a_rest_is_for_the_same_orders_and_days_for_their_own() -> None:
    def orders(*several: Pay) -> int | None:
        whole = together(several[0], several)
        return None if whole is None else whole.orders

    first = told("a", "100.00", orders=10)
    assert orders(first, told("b", "5.00", paid=20, orders=10)) == 10
    days = [told(f"d{day}", "1.00", (at(day, 0).date(), at(day, 0).date()), day, orders=4) for day in (3, 4, 5)]
    assert orders(first, *days) == 12
    assert orders(told("m", "9.00", MONTH, 30, orders=0), *days) == 12
    assert orders(first, told("b", "5.00", paid=20)) is None


def test_an_order_that_was_left_open_is_no_working_time() -> None:
    left_open = [*TEN_HOURS, order(at(5, 8), at(12, 8))]
    assert shortfalls([told("a", "210.00")], left_open) == {}
    assert shortfalls([told("a", "210.00")], [*TEN_HOURS, order(at(5, 8), at(6, 8))]) == {"a": "504.00"}


def test_what_is_taken_back_is_not_paid_late() -> None:
    for net in ("-20.00", "0.00"):
        back = told("a", "0.00", due_on=dt.date(2026, 9, 10), net=Decimal(net), deductions=[("rent", Decimal("20.00"))])
        assert "PayLate" not in [type(sign.finding).__name__ for sign in checked(back, [back], []).found]


days = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(
    lambda pair: (dt.date(2026, 8, 20) + dt.timedelta(min(pair)), dt.date(2026, 8, 20) + dt.timedelta(max(pair)))
)
settlements = st.lists(st.tuples(days, st.integers(0, 3), st.integers(0, 300)), min_size=1, max_size=6).map(
    lambda several: [told(str(n), str(gross), span, paid) for n, (span, paid, gross) in enumerate(several)]
)


@given(settlements, st.randoms())
def test_in_whatever_order_they_come_the_same_is_short(several: list[Pay], chance: object) -> None:
    before = shortfalls(several)
    chance.shuffle(several)  # type: ignore[attr-defined]
    assert shortfalls(several) == before


@given(settlements)
def test_every_settlement_counts_somewhere(several: list[Pay]) -> None:
    """Whatever does not stand for itself is part of one that does; and nobody is measured who has less than their own pay."""
    whole = {one.settlement_id: together(one, [two for two in several if two is not one]) for one in several}
    counted = {own for one in whole.values() if one is not None for own in (one.settlement_id, *one.parts)}
    assert counted == whole.keys()
    for one in several:
        found = whole[one.settlement_id]
        assert found is None or found.gross >= one.gross


@given(settlements, st.integers(0, 300))
def test_more_pay_never_makes_a_shortfall(several: list[Pay], more: int) -> None:
    first = several[0]
    short = shortfalls(several)
    rest = told("more", str(more), (first.period_start, first.period_end), 60)
    after = shortfalls([*several, rest])
    assert after.keys() <= short.keys()
    assert all(Decimal(after[own]) <= Decimal(short[own]) for own in after)


@pytest.mark.parametrize("last", [15, 30])
def test_one_day_more_on_both_sides_is_partly_another_period(last: int) -> None:
    one = told("a", "1.00", HALF)
    other = told("b", "1.00", (dt.date(2026, 9, last), dt.date(2026, 9, 30)))
    assert bool(clashing(one, [other])) == (last == 15)

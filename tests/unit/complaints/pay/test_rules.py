from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.pay import rules
from services.complaints.pay.rules import Check, Interval, Pay
from shared.policy.calendar import SHANGHAI, end_of_day, start_of_day

FIRST, LAST = dt.date(2026, 9, 1), dt.date(2026, 9, 15)


def at(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 9) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, second, tzinfo=SHANGHAI)


def order(taken: dt.datetime, finished: dt.datetime, district: str = "510603") -> Interval:
    return Interval(taken, finished, district)


def paid(gross: str, deductions: Sequence[tuple[str, str]] = (), first: dt.date = FIRST, last: dt.date = LAST) -> Pay:
    return Pay(
        period_start=first,
        period_end=last,
        starts_at=start_of_day(first),
        ends_at=end_of_day(last),
        gross=Decimal(gross),
        deductions=[(kind, Decimal(amount)) for kind, amount in deductions],
    )


TEN_HOURS = [order(at(3, 8), at(3, 18))]


def test_ten_hours_paid_at_exactly_the_minimum_are_enough() -> None:
    assert rules.check(paid("210.00"), TEN_HOURS) == Check()


def test_a_fen_under_the_minimum_is_short() -> None:
    found = rules.check(paid("209.99"), TEN_HOURS).shortfall
    assert found is not None
    assert (found.working_seconds, found.pay, found.minimum) == (36_000, Decimal("209.99"), Decimal(21))
    assert found.shortfall == Decimal("0.01")
    assert found.intervals == 1


def test_a_second_more_than_was_paid_for_is_short_by_a_fen() -> None:
    found = rules.check(paid("210.00"), [order(at(3, 8), at(3, 18, 0, 1))]).shortfall
    assert found is not None
    assert found.shortfall == Decimal("0.01")  # 21 yuan / 3600 is 0.58 fen


def test_overlapping_orders_count_once() -> None:
    together = [order(at(3, 8), at(3, 12)), order(at(3, 9), at(3, 10)), order(at(3, 11), at(3, 18))]
    assert rules.check(paid("210.00"), together) == Check()


def test_only_time_within_the_period_counts() -> None:
    night = [order(at(31, 20, month=8), at(1, 5)), order(at(15, 19), at(16, 4))]
    assert rules.check(paid("210.00"), night) == Check()
    assert rules.check(paid("209.99"), night).shortfall


def test_a_settlement_without_orders_is_not_checked() -> None:
    assert rules.check(paid("0.00"), []) == Check()
    assert rules.check(paid("0.00"), [order(at(16, 8), at(16, 9))]) == Check()


def test_insurance_fund_and_tax_withheld_count_as_pay() -> None:
    deductions = [("social_insurance", "80"), ("housing_fund", "20"), ("income_tax", "5")]
    assert rules.check(paid("210.00", deductions), TEN_HOURS) == Check()


def test_any_other_deduction_does_not_count_as_pay() -> None:
    found = rules.check(paid("210.00", [("fine", "30.00"), ("income_tax", "5")]), TEN_HOURS).shortfall
    assert found is not None
    assert found.pay == Decimal("180.00")
    assert found.shortfall == Decimal("30.00")


def test_deductions_above_the_pay_leave_nothing_not_less() -> None:
    found = rules.check(paid("10.00", [("rent", "50.00")]), TEN_HOURS).shortfall
    assert found is not None
    assert (found.pay, found.shortfall) == (Decimal(0), Decimal("210.00"))


def test_the_arithmetic_says_what_it_rests_on_and_if_verified() -> None:
    found = rules.check(paid("1.00"), TEN_HOURS).shortfall
    assert found is not None
    assert {row.key for row in found.used} == {"minimum_wage.hourly", "minimum_wage.within"}
    assert not found.verified  # nobody has found Deyang's hourly figure after 2024


def test_a_period_without_a_known_minimum_goes_to_a_person() -> None:
    first, last = dt.date(2021, 9, 1), dt.date(2021, 9, 15)
    work = [Interval(start_of_day(first), end_of_day(first), "510603")]
    found = rules.check(paid("1.00", first=first, last=last), work)
    assert found.shortfall is None
    assert found.undecided is not None
    assert "minimum_wage.hourly" in found.undecided


def test_the_place_is_where_most_of_the_time_was_worked() -> None:
    work = [
        order(at(3, 8), at(3, 9), "510681"),
        order(at(3, 9), at(3, 12), "510623"),
        order(at(4, 8), at(4, 10), "510681"),
    ]
    assert rules.place_of(work) == "510623"
    assert rules.place_of(work[:2] + work[2:] + [order(at(5, 8), at(5, 9), "510681")]) == "510681"


MINUTES = st.integers(0, 2000)


@given(st.lists(st.tuples(MINUTES, MINUTES), max_size=20), st.randoms())
def test_working_time_is_the_minutes_covered_in_any_order(spans: list[tuple[int, int]], chance: object) -> None:
    start = at(1, 0)
    work = [order(start + dt.timedelta(minutes=min(span)), start + dt.timedelta(minutes=max(span))) for span in spans]
    covered = {minute for span in spans for minute in range(min(span), max(span))}
    chance.shuffle(work)  # type: ignore[attr-defined]
    assert rules.working_time(work) == dt.timedelta(minutes=len(covered))


@pytest.mark.parametrize("extra", [order(at(3, 7), at(3, 8)), order(at(3, 9), at(3, 10)), order(at(9, 1), at(9, 2))])
def test_another_order_never_takes_a_shortfall_away(extra: Interval) -> None:
    assert rules.check(paid("209.99"), [*TEN_HOURS, extra]).shortfall

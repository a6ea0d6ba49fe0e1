"""Which settlements are short of the hourly minimum (21 yuan)."""

from typing import Any

from tests.unit.sample.facts import Q, figures, order, settlement


def leads(*events: Any) -> int:
    found: int = figures(*events)["complaints"]["leads"]
    return found


# Two orders that overlap: 12:00 to 13:00 and 12:30 to 14:00 are two hours, not two and a half.
TWO_HOURS = (
    order("1", "2026-09-02T12:00:00+08:00", "2026-09-02T13:00:00+08:00"),
    order("2", "2026-09-02T12:30:00+08:00", "2026-09-02T14:00:00+08:00"),
)


def test_pay_is_short_only_below_the_minimum_of_the_time_worked() -> None:
    """The time that orders cover."""
    assert leads(*TWO_HOURS, settlement("s", "41.99")) == 1
    assert leads(*TWO_HOURS, settlement("s", "42.00")) == 0


def test_an_order_inside_another_adds_nothing() -> None:
    inside = order("3", "2026-09-02T12:10:00+08:00", "2026-09-02T12:20:00+08:00")
    assert leads(inside, *TWO_HOURS, settlement("s", "42.00")) == 0


def test_fines_make_pay_short_and_statutory_deductions_do_not() -> None:
    """Those are the worker's own insurance, housing fund and tax."""
    own = [("social_insurance", "20.00"), ("housing_fund", "10.00"), ("income_tax", "5.00")]
    assert leads(*TWO_HOURS, settlement("s", "42.00", *own)) == 0
    assert leads(*TWO_HOURS, settlement("s", "42.00", *own, ("fine", "0.01"))) == 1


def test_only_the_part_of_an_order_inside_the_period_counts() -> None:
    first = order("1", "2026-08-31T23:00:00+08:00", "2026-09-01T01:00:00+08:00")
    last = order("2", "2026-09-15T15:00:00Z", "2026-09-15T17:00:00Z")
    assert leads(first, last, settlement("s", "42.00")) == 0
    assert leads(first, last, settlement("s", "41.99")) == 1


def test_without_an_order_in_the_period_nothing_is_short() -> None:
    assert leads(*TWO_HOURS, settlement("s", "0.00", period_start="2026-09-03")) == 0
    assert leads(*TWO_HOURS, settlement("s", "0.00", worker="w2")) == 0
    assert leads(order("1", platform=Q), settlement("s", "0.00")) == 0
    assert leads(settlement("s", "0.00", ("fine", "5.00"))) == 0


def test_a_second_of_work_is_enough_to_be_short() -> None:
    second = order("1", "2026-09-02T12:00:00+08:00", "2026-09-02T12:00:01+08:00")
    assert leads(second, settlement("s", "0.00")) == 1
    assert leads(second, settlement("s", "0.01")) == 0


def test_the_same_settlement_and_the_same_order_count_once() -> None:
    assert leads(*TWO_HOURS, *TWO_HOURS, settlement("s", "41.99"), settlement("s", "41.99")) == 1


def test_before_the_first_known_minimum_nothing_is_short() -> None:
    early = order("1", "2022-03-31T12:00:00+08:00", "2022-03-31T14:00:00+08:00")
    assert leads(early, settlement("s", "1.00", period_start="2022-03-31", period_end="2022-03-31")) == 0
    later = order("1", "2022-04-01T12:00:00+08:00", "2022-04-01T14:00:00+08:00")
    assert leads(later, settlement("s", "1.00", period_start="2022-04-01", period_end="2022-04-01")) == 1

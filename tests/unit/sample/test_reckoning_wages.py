"""Which leads settlements give, by the footing of those who are paid; the hourly minimum is 21 yuan."""

from typing import Any

import pytest

from tests.unit.sample.facts import Q, figures, order, settlement, started


def leads(*events: Any, relation: str = "partial", since: str = "2020-01-01") -> int:
    """How many leads these give, of a worker whose engagement began long ago."""
    engaged = started(relation=relation, started_on=since, time="2020-01-01T09:00:00+08:00")
    found: int = figures(engaged, *events)["complaints"]["leads"]
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
    short = {"net": "0.00"}
    assert leads(*TWO_HOURS, settlement("s", "42.00", *own, ("fine", "0.01"))) == 2  # and a fine has no ground in law
    assert leads(*TWO_HOURS, settlement("s", "50.00", *own, **short)) == 1


def test_only_the_part_of_an_order_inside_the_period_counts() -> None:
    first = order("1", "2026-08-31T23:00:00+08:00", "2026-09-01T01:00:00+08:00")
    last = order("2", "2026-09-15T15:00:00Z", "2026-09-15T17:00:00Z")
    assert leads(first, last, settlement("s", "42.00")) == 0
    assert leads(first, last, settlement("s", "41.99")) == 1


def test_without_an_order_in_the_period_nothing_is_short() -> None:
    assert leads(*TWO_HOURS, settlement("s", "0.00", period_start="2026-09-03")) == 0
    assert leads(*TWO_HOURS, settlement("s", "0.00", worker="w2")) == 0
    assert leads(order("1", platform=Q), settlement("s", "0.00")) == 0
    assert leads(settlement("s", "0.00", ("income_tax", "5.00"))) == 0


def test_a_second_of_work_is_enough_to_be_short() -> None:
    second = order("1", "2026-09-02T12:00:00+08:00", "2026-09-02T12:00:01+08:00")
    assert leads(second, settlement("s", "0.00")) == 1
    assert leads(second, settlement("s", "0.01")) == 0


def test_the_same_settlement_and_the_same_order_count_once() -> None:
    assert leads(*TWO_HOURS, *TWO_HOURS, settlement("s", "41.99"), settlement("s", "41.99")) == 1


def test_before_the_first_known_minimum_nothing_is_short() -> None:
    early = order("1", "2022-04-28T12:00:00+08:00", "2022-04-28T14:00:00+08:00")
    assert leads(early, settlement("s", "1.00", period_start="2022-04-28", period_end="2022-04-28")) == 0
    later = order("1", "2022-04-29T12:00:00+08:00", "2022-04-29T14:00:00+08:00")
    assert leads(later, settlement("s", "1.00", period_start="2022-04-29", period_end="2022-04-29")) == 1


def test_the_self_employed_and_the_unknown_have_no_minimum() -> None:
    assert leads(*TWO_HOURS, settlement("s", "1.00"), relation="self_employed") == 0
    assert figures(*TWO_HOURS, settlement("s", "1.00"))["complaints"]["leads"] == 0


@pytest.mark.parametrize(("pay", "found"), [("1112.63", 1), ("1112.64", 0)])
def test_the_employed_are_due_their_paid_days_of_the_month(pay: str, found: int) -> None:
    """Eleven days that are no weekend, of 21.75 in a month of 2,200 yuan."""
    assert leads(*TWO_HOURS, settlement("s", pay), relation="employment") == found


@pytest.mark.parametrize(("pay", "found"), [("2199.99", 1), ("2200.00", 0)])
def test_a_whole_month_is_due_the_monthly_minimum(pay: str, found: int) -> None:
    assert leads(*TWO_HOURS, settlement("s", pay, period_end="2026-09-30"), relation="employment") == found


@pytest.mark.parametrize(("pay", "found"), [("2199.99", 1), ("2200.00", 0)])
def test_a_month_from_the_26th_on_is_due_a_months_minimum(pay: str, found: int) -> None:
    paid = settlement("s", pay, period_start="2026-08-26", period_end="2026-09-25")
    assert leads(*TWO_HOURS, paid, relation="employment") == found


def test_late_short_and_too_long_are_leads_of_their_own() -> None:
    assert leads(settlement("s", "42.00", paid_on="2026-09-21")) == 1
    assert leads(settlement("s", "42.00", net="41.99")) == 1
    assert leads(settlement("s", "42.00", period_end="2026-09-30")) == 0
    assert leads(settlement("s", "42.00", period_end="2026-10-01")) == 1


def test_deposits_are_unlawful_for_all_and_fines_for_workers() -> None:
    """The self-employed may have agreed on what is no deposit or fee."""
    deposit, fine = settlement("s", "50.00", ("deposit", "1.00")), settlement("s", "50.00", ("fine", "1.00"))
    assert leads(deposit, relation="self_employed") == 1
    assert leads(fine, relation="self_employed") == 0
    assert leads(fine) == 1
    damages = settlement("s", "50.00", ("damages", "10.01"))
    assert (leads(damages, relation="employment"), leads(damages)) == (1, 0)


def test_what_is_no_wage_does_not_count_where_it_is_named() -> None:
    named = [{"kind": "heat_allowance", "amount": "8.00"}]
    assert leads(*TWO_HOURS, settlement("s", "49.99", components=named)) == 1
    assert leads(*TWO_HOURS, settlement("s", "50.00", components=named)) == 0


def test_a_settlement_counts_as_it_was_told_last() -> None:
    later = settlement("s", "42.00") | {"time": "2026-09-22T09:00:00+08:00"}
    assert leads(*TWO_HOURS, later, settlement("s", "1.00")) == 0


def test_part_time_pay_is_settled_within_fifteen_days() -> None:
    def of(gross: str, last: str) -> int:
        engaged = started(
            relation="employment", part_time=True, started_on="2020-01-01", time="2020-01-01T09:00:00+08:00"
        )
        found: int = figures(engaged, *TWO_HOURS, settlement("s", gross, period_end=last))["complaints"]["leads"]
        return found

    assert of("42.00", "2026-09-15") == 0
    assert of("41.99", "2026-09-15") == 1
    assert of("42.00", "2026-09-16") == 1


def test_settlements_for_the_same_days_count_together() -> None:
    """As do those of days within a month; a longer one makes up for no month, and is not settled late beside shorter ones."""
    short, rest = settlement("a", "41.00"), settlement("b", "1.00", paid_on="2026-09-20")
    assert (leads(*TWO_HOURS, short), leads(*TWO_HOURS, rest), leads(*TWO_HOURS, short, rest)) == (1, 1, 0)
    day = settlement("d", "41.00", period_start="2026-09-02", period_end="2026-09-02")
    assert leads(*TWO_HOURS, day, settlement("m", "1.00", period_end="2026-09-30")) == 0
    quarter = {"period_start": "2026-07-01", "period_end": "2026-09-30"}
    assert leads(*TWO_HOURS, day, settlement("q", "1.00", **quarter)) == 1
    assert leads(*TWO_HOURS, settlement("d", "42.00"), settlement("q", "1.00", **quarter)) == 0
    assert leads(*TWO_HOURS, settlement("q", "99.00", **quarter)) == 1


def test_what_is_taken_back_is_not_late() -> None:
    assert (
        leads(settlement("s", "0.00", ("rent", "5.00"), net="-5.00", paid_on="2026-09-21"), relation="self_employed")
        == 0
    )


def test_an_order_that_was_left_open_is_no_work() -> None:
    left_open = order("1", "2026-09-02T12:00:00+08:00", "2026-09-03T12:00:01+08:00")
    assert leads(*TWO_HOURS, left_open, settlement("s", "42.00")) == 0


SECOND_HALF = {"period_start": "2026-09-16", "period_end": "2026-09-30", "due_on": "2026-10-09"}
"""Of September; `settlement` is for the first one."""


def test_parts_of_an_employees_month_count_together() -> None:
    """Where they are for all of it: by its share of the month the second one would be short, and the first when alone."""

    def of(*events: Any, relation: str = "employment", since: str = "2020-01-01") -> int:
        return leads(
            *TWO_HOURS,
            order("3", "2026-09-20T12:00:00+08:00", "2026-09-20T13:00:00+08:00"),
            *events,
            relation=relation,
            since=since,
        )

    first = settlement("a", "1300.00")
    assert of(first, settlement("b", "900.00", **SECOND_HALF)) == 0
    assert of(first, settlement("b", "899.99", **SECOND_HALF)) == 1
    assert of(first, settlement("b", "900.00", **SECOND_HALF | {"period_start": "2026-09-17"})) == 1
    assert of(first, settlement("b", "900.00", **SECOND_HALF | {"period_start": "2026-09-15"})) == 1
    assert of(first, settlement("b", "800.00", **SECOND_HALF), settlement("c", "100.00", **SECOND_HALF)) == 0
    assert of(settlement("a", "1.00"), settlement("b", "1.00", **SECOND_HALF)) == 1
    assert of(settlement("a", "1.00"), settlement("b", "900.00", **SECOND_HALF), relation="partial") == 1
    late = "2026-09-08"  # a share of 17 days of 21.75 is 1719.54
    assert of(settlement("a", "900.00", period_start=late), settlement("b", "819.54", **SECOND_HALF), since=late) == 0
    assert of(settlement("a", "900.00", period_start=late), settlement("b", "819.53", **SECOND_HALF), since=late) == 1


def test_damage_withheld_is_a_share_of_the_month() -> None:
    first, second = settlement("a", "1400.00"), settlement("b", "1600.00", ("damages", "600.00"), **SECOND_HALF)
    assert leads(first, second, relation="employment") == 0
    assert leads(second, relation="employment") == 1
    more = settlement("b", "1600.00", ("damages", "600.01"), **SECOND_HALF)
    assert leads(first, more, relation="employment") == 1


def test_what_another_settlement_replaces_counts_no_more() -> None:
    short = settlement("a", "30.00")
    assert leads(*TWO_HOURS, short, settlement("b", "41.00")) == 0
    assert leads(*TWO_HOURS, short, settlement("b", "41.00", replaces="a")) == 1
    assert leads(*TWO_HOURS, short, settlement("b", "42.00", replaces="a")) == 0
    assert leads(*TWO_HOURS, short, settlement("b", "1.00", replaces="a"), settlement("c", "42.00", replaces="b")) == 0
    assert leads(*TWO_HOURS, short, settlement("b", "12.00", replaces="x")) == 0
    later = settlement("b", "12.00", replaces="a") | {"time": "2026-09-22T09:00:00+08:00"}
    assert leads(*TWO_HOURS, settlement("a", "42.00", replaces="b"), later) == 1
    assert leads(*TWO_HOURS, settlement("a", "42.00", replaces="a")) == 0

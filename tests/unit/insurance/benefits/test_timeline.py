"""What a monthly benefit comes to in each month, and what earlier months fell short of."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.insurance.benefits.rules import floored_by, months, yearly_factor
from services.insurance.benefits.timeline import Growth, Sum, arrears, owed, replaced
from tests.unit.insurance.benefits.test_calculation import law

FIRST = Sum(from_month="2026-03", amount=Decimal("3750.00"), grows_from="2026-03")


def test_a_years_factor_multiplies_what_was_running() -> None:
    """3750 x 1.045 = 3918.75 from January on, x 1.03 = 4036.3125, so 4036.31 from the January after."""
    growths = [Growth(from_month="2027-01", factor="1.045"), Growth(from_month="2028-01", factor="1.03")]
    found = [owed([FIRST], growths, month) for month in ("2026-02", "2026-12", "2027-01", "2028-01")]
    assert found == [None, Decimal("3750.00"), Decimal("3918.75"), Decimal("4036.31")]


def test_what_begins_with_or_after_the_factor_is_not_multiplied() -> None:
    growth = Growth(from_month="2026-01", factor="1.045")
    assert owed([FIRST], [growth], "2026-05") == Decimal("3750.00")
    same = Growth(from_month="2026-03", factor="1.045")
    assert owed([FIRST], [same], "2026-05") == Decimal("3750.00")


def test_a_sum_that_an_officer_set_grows_only_by_later_factors() -> None:
    """4000 set from July 2027 on holds as it is, and x 1.03 = 4120 from 2028."""
    growths = [Growth(from_month="2027-01", factor="1.045"), Growth(from_month="2028-01", factor="1.03")]
    sums = replaced([FIRST], [Sum(from_month="2027-07", amount=Decimal(4000), grows_from="2027-07")])
    assert [owed(sums, growths, month) for month in ("2027-06", "2027-07", "2028-01")] == [
        Decimal("3918.75"), Decimal("4000.00"), Decimal("4120.00"),
    ]  # fmt: skip


def test_shares_are_cut_to_the_fen_and_stay_within_the_wage() -> None:
    """1538.46 x 1.045 = 1607.6907: 1607.69; 1153.85 x 1.045 = 1205.77325: 1205.77; 4 shares of 5000 x 1.045 = 5225.00 at most."""
    growth = [Growth(from_month="2027-01", factor="1.045")]
    shares = [Decimal(text) for text in ("1538.46", "1153.85", "1153.85", "1153.84")]
    grown = [
        owed([Sum(from_month="2026-03", amount=one, grows_from="2026-03")], growth, "2027-01", down=True)
        for one in shares
    ]
    assert grown == [Decimal(text) for text in ("1607.69", "1205.77", "1205.77", "1205.76")]
    assert sum(one for one in grown if one) <= Decimal("5225.00")


def test_no_month_is_under_its_floor() -> None:
    assert owed([FIRST], [], "2026-03", Decimal(4000)) == Decimal(4000)
    assert owed([FIRST], [], "2026-03", Decimal(2200)) == Decimal("3750.00")


def test_what_months_fell_short_of_is_found_once() -> None:
    """Paid 3750 for three months, owed 3918.75 for the last two: 168.75 each; made up, nothing more is."""
    paid = [("2026-12", Decimal(3750)), ("2027-01", Decimal(3750)), ("2027-02", Decimal(3750))]
    growth = [Growth(from_month="2027-01", factor="1.045")]
    short = arrears(paid, lambda month: owed([FIRST], growth, month))
    assert short == [(1, Decimal("168.75")), (2, Decimal("168.75"))]
    made_up = [(month, amount + Decimal("168.75") if place else amount) for place, (month, amount) in enumerate(paid)]
    assert arrears(made_up, lambda month: owed([FIRST], growth, month)) == []


def test_the_factor_and_the_floor_are_those_of_the_month() -> None:
    known = law(**{"benefit.yearly_factor": "{disability_allowance: '1.045'}"})
    assert yearly_factor("disability_allowance", "2026-09", known) == ("2022-01", "1.045")
    assert yearly_factor("pension_difference", "2026-09", known) is None
    assert yearly_factor("disability_allowance", "2026-09", law()) is None
    assert floored_by("disability_allowance", "2026-09", known) == Decimal(2200)
    assert floored_by("nursing", "2026-09", known) is None


def test_three_months_of_pay_begin_with_the_accidents_own() -> None:
    """Art. 41: from the month of the accident on, whichever day it was."""
    assert months("2026-09", None, "2026-09", "2026-11", 3, exact=True) == ("2026-09", "2026-11")
    assert months("2026-10", None, "2026-09", "2026-11", 3, exact=True) == ("2026-10", "2026-11")


amounts = st.integers(1, 1_000_000).map(lambda fen: Decimal(fen) / 100)


@given(paid=st.lists(amounts, max_size=12), raised=amounts)
def test_made_up_months_have_what_is_owed_and_no_fen_more(paid: list[Decimal], raised: Decimal) -> None:
    months_paid = [(f"2026-{place + 1:02d}", amount) for place, amount in enumerate(paid)]
    short = dict(arrears(months_paid, lambda month: raised))
    for place, amount in enumerate(paid):
        assert amount + short.get(place, Decimal(0)) == max(amount, raised)

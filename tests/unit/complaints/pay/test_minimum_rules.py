"""Pay held against the minimum wage: every figure here is calculated by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.parties.rules import Footing
from services.complaints.pay.minimum_rules import NO_FOOTING, Measured, measure, month_share, paid_days
from services.complaints.pay.payment_rules import Pay
from services.complaints.pay.time_rules import Interval
from shared.contracts.complaints.pay_findings import BelowMinimum
from shared.policy.calendar import SHANGHAI
from tests.unit.complaints.pay.settlements import EMPLOYED, OWN, PARTIAL, TEN_HOURS, at, footing, order, paid


def measured(pay: Pay, work: Sequence[Interval], footings: Sequence[Footing] = PARTIAL) -> Measured:
    return measure(pay, work, footings, ())


def below(pay: Pay, work: Sequence[Interval], footings: Sequence[Footing] = PARTIAL) -> BelowMinimum | None:
    found = measured(pay, work, footings).found
    if found is None:
        return None
    assert isinstance(found.finding, BelowMinimum)
    return found.finding


def test_ten_hours_paid_at_exactly_the_minimum_are_enough() -> None:
    assert below(paid("210.00"), TEN_HOURS) is None


def test_a_fen_under_the_minimum_is_short() -> None:
    found = below(paid("209.99"), TEN_HOURS)
    assert found is not None
    assert (found.working_seconds, found.pay, found.due, found.shortfall) == (36_000, "209.99", "210.00", "0.01")
    assert (found.orders, found.parts[0].minimum, found.parts[0].measure) == (1, "21.00", "hourly")


def test_a_second_more_than_was_paid_for_is_short_by_a_fen() -> None:
    found = below(paid("210.00"), [order(at(3, 8), at(3, 18, 0, 1))])
    assert found is not None
    assert found.shortfall == "0.01"  # 21 yuan / 3600 is 0.58 fen


def test_less_than_half_a_fen_is_not_short() -> None:
    half_a_second = order(at(3, 8), at(3, 18) + dt.timedelta(milliseconds=500))
    assert below(paid("210.00"), [half_a_second]) is None  # 0.29 fen


def test_overlapping_orders_count_once() -> None:
    together = [order(at(3, 8), at(3, 12)), order(at(3, 9), at(3, 10)), order(at(3, 11), at(3, 18))]
    assert below(paid("210.00"), together) is None


def test_only_time_within_the_period_counts() -> None:
    night = [order(at(31, 20, month=8), at(1, 5)), order(at(15, 19), at(16, 4))]
    assert below(paid("210.00"), night) is None
    assert below(paid("209.99"), night)


def test_a_settlement_without_orders_is_not_measured() -> None:
    assert measured(paid("0.00"), []) == Measured()
    assert measured(paid("0.00"), [order(at(16, 8), at(16, 9))], EMPLOYED) == Measured()


def test_insurance_fund_and_tax_withheld_count_as_pay() -> None:
    deductions = [("social_insurance", "80"), ("housing_fund", "20"), ("income_tax", "5")]
    assert below(paid("210.00", deductions), TEN_HOURS) is None


def test_any_other_deduction_does_not_count_as_pay() -> None:
    found = below(paid("210.00", [("fine", "30.00"), ("income_tax", "5")]), TEN_HOURS)
    assert found is not None
    assert (found.pay, found.shortfall) == ("180.00", "30.00")


def test_deductions_above_the_pay_leave_nothing_not_less() -> None:
    found = below(paid("10.00", [("rent", "50.00")]), TEN_HOURS)
    assert found is not None
    assert (found.pay, found.shortfall) == ("0.00", "210.00")


def test_what_a_minimum_wage_does_not_include_is_left_out() -> None:
    named = [("orders", "190.00"), ("heat_allowance", "15.00"), ("overtime", "10.00"), ("non_cash_subsidy", "5.00")]
    found = measured(paid("220.00", components=named), TEN_HOURS).found
    assert found is not None
    assert isinstance(found.finding, BelowMinimum)
    assert (found.finding.excluded, found.finding.pay, found.finding.shortfall) == ("30.00", "190.00", "20.00")
    assert "components_unknown" not in found.to_judge
    assert {row.key for row in found.used} >= {"minimum_wage.excluded", "minimum_wage.hourly", "minimum_wage.within"}


def test_without_components_the_gross_counts_and_it_says_so() -> None:
    assert below(paid("220.00"), TEN_HOURS) is None
    found = measured(paid("200.00"), TEN_HOURS).found
    assert found is not None
    assert found.to_judge == ("normal_labour", "components_unknown")


def test_the_self_employed_have_no_minimum_and_it_says_so() -> None:
    own = measured(paid("0.00"), TEN_HOURS, OWN)
    assert (own.found, own.undecided, own.agreed) == (None, None, True)
    assert {row.key for row in own.used} >= {"footing.minimum_wage"}


def test_an_unknown_footing_goes_to_a_person() -> None:
    assert measured(paid("0.00"), TEN_HOURS, []).undecided == NO_FOOTING
    before = [footing(first=dt.date(2026, 9, 4))]
    assert measured(paid("0.00"), TEN_HOURS, before).undecided == NO_FOOTING


def test_a_period_without_a_known_minimum_goes_to_a_person() -> None:
    first, last = dt.date(2021, 9, 1), dt.date(2021, 9, 15)
    work = [order(at(3, 8, year=2021), at(3, 9, year=2021))]
    found = measured(paid("1.00", first=first, last=last), work)
    assert found.found is None
    assert found.undecided is not None
    assert "footing.minimum_wage" in found.undecided


def test_a_whole_month_of_employment_has_the_monthly_minimum() -> None:
    month = (dt.date(2026, 9, 1), dt.date(2026, 9, 30))
    assert below(paid("2200.00", first=month[0], last=month[1]), TEN_HOURS, EMPLOYED) is None
    pay = paid("2199.99", first=month[0], last=month[1])
    found = measured(pay, TEN_HOURS, EMPLOYED).found
    assert found is not None
    assert isinstance(found.finding, BelowMinimum)
    assert (found.finding.due, found.finding.shortfall) == ("2200.00", "0.01")
    [part] = found.finding.parts
    assert (part.measure, part.minimum, part.paid_days) == ("monthly", "2200.00", 22)
    assert found.to_judge == ("normal_labour", "components_unknown", "part_time")


def test_a_part_month_is_due_by_its_paid_days_of_21_75() -> None:
    # 1 to 15 September 2026 has eleven days that are no weekend: 2200 * 11 / 21.75 = 1112.643678
    found = measured(paid("1112.63"), TEN_HOURS, EMPLOYED).found
    assert found is not None
    assert isinstance(found.finding, BelowMinimum)
    assert (found.finding.due, found.finding.shortfall) == ("1112.64", "0.01")
    assert "part_month" in found.to_judge
    assert below(paid("1112.64"), TEN_HOURS, EMPLOYED) is None


def test_a_month_from_the_26th_to_the_25th_is_a_month() -> None:
    """Its 23 paid days are no 23 of 21.75: whoever is paid the minimum for it is paid the minimum."""
    days: dict[str, Any] = {"first": dt.date(2026, 8, 26), "last": dt.date(2026, 9, 25)}
    assert below(paid("2200.00", **days), TEN_HOURS, EMPLOYED) is None
    found = measured(paid("2199.99", **days), TEN_HOURS, EMPLOYED).found
    assert found is not None
    assert isinstance(found.finding, BelowMinimum)
    assert (found.finding.shortfall, [part.paid_days for part in found.finding.parts]) == ("0.01", [4, 19])
    assert "part_month" not in found.to_judge


def test_each_minimum_holds_for_its_share_of_a_month() -> None:
    """From 26 December 2024 on: four paid days of 1970 yuan a month, and of 2200 the eighteen of January."""
    days: dict[str, Any] = {"first": dt.date(2024, 12, 26), "last": dt.date(2025, 1, 25)}
    work = [order(at(3, 8, month=1, year=2025), at(3, 9, month=1, year=2025))]
    due = "2158.18"  # 1970 * 4 / 22 + 2200 * 18 / 22
    finding = below(paid("0.00", **days), work, EMPLOYED)
    assert finding is not None
    assert finding.due == due


def test_paid_days_leave_out_weekends_and_keep_holidays() -> None:
    assert paid_days(dt.date(2026, 10, 1), dt.date(2026, 10, 4)) == 2  # Thursday and Friday, both holidays
    assert paid_days(dt.date(2026, 9, 5), dt.date(2026, 9, 6)) == 0


def test_no_part_of_a_month_is_worth_more_than_the_month() -> None:
    # 2 to 31 July 2026 has 22 days that are no weekend, of 21.75
    first, last = dt.date(2026, 7, 2), dt.date(2026, 7, 31)
    assert paid_days(first, last) == 22
    assert month_share(first, last, paid("1", first=first, last=last), Decimal("21.75")) == Fraction(1)


def test_each_day_is_measured_by_the_footing_of_that_day() -> None:
    # partial until the 7th: 10 hours of 21 are 210; employed from the 8th: 6 paid days, 2200 * 6 / 21.75 = 606.896552
    changing = [footing(last=dt.date(2026, 9, 7)), footing("employment", dt.date(2026, 9, 8))]
    work = [*TEN_HOURS, order(at(9, 8), at(9, 20))]
    found = measured(paid("816.89"), work, changing).found
    assert found is not None
    assert isinstance(found.finding, BelowMinimum)
    assert [(part.measure, part.due) for part in found.finding.parts] == [("hourly", "210.00"), ("monthly", "606.90")]
    assert (found.finding.due, found.finding.shortfall) == ("816.90", "0.01")
    assert "footing_changed" in found.to_judge
    assert below(paid("816.90"), work, changing) is None


def test_own_days_take_nothing_away_and_ask_for_nothing() -> None:
    changing = [footing(last=dt.date(2026, 9, 7)), footing("self_employed", dt.date(2026, 9, 8))]
    work = [*TEN_HOURS, order(at(9, 8), at(9, 20))]
    found = below(paid("200.00"), work, changing)
    assert found is not None
    assert (found.due, found.shortfall) == ("210.00", "10.00")
    enough = measured(paid("210.00"), work, changing)
    assert (enough.found, enough.agreed) == (None, True)


def test_of_two_engagements_the_one_begun_last_counts() -> None:
    again = [footing("self_employed"), footing("partial", dt.date(2026, 9, 2))]
    assert below(paid("200.00"), TEN_HOURS, again) is not None
    assert below(paid("200.00"), TEN_HOURS, list(reversed(again))) is not None


def test_a_minimum_that_changes_within_a_period_counts_by_day() -> None:
    # until 31 December 2024 a month is 1970, from 1 January 2025 2200; of two whole months each has its own
    first, last = dt.date(2024, 12, 1), dt.date(2025, 1, 31)
    work = [order(at(3, 8, month=12, year=2024), at(3, 9, month=12, year=2024))]
    found = below(paid("4169.99", first=first, last=last), work, EMPLOYED)
    assert found is not None
    assert [(part.minimum, part.due) for part in found.parts] == [("1970.00", "1970.00"), ("2200.00", "2200.00")]
    assert found.shortfall == "0.01"


@pytest.mark.parametrize("extra", [order(at(3, 7), at(3, 8)), order(at(3, 9), at(3, 10)), order(at(9, 1), at(9, 2))])
def test_another_order_never_takes_a_shortfall_away(extra: Interval) -> None:
    assert below(paid("209.99"), [*TEN_HOURS, extra])


HOURS = st.integers(0, 14 * 24)
FOOTINGS = st.lists(
    st.tuples(st.sampled_from(["employment", "partial", "self_employed"]), st.integers(0, 14)), min_size=1, max_size=4
)


@given(st.lists(st.tuples(HOURS, HOURS), min_size=1, max_size=8), FOOTINGS, st.integers(0, 2000), st.randoms())
def test_what_is_found_does_not_depend_on_the_order_of_facts(
    spans: list[tuple[int, int]], relations: list[tuple[str, int]], gross: int, chance: object
) -> None:
    begin = dt.datetime(2026, 9, 1, tzinfo=SHANGHAI)
    work = [order(begin + dt.timedelta(hours=min(span)), begin + dt.timedelta(hours=max(span) + 1)) for span in spans]
    footings = [
        footing(relation, dt.date(2026, 8, 1) + dt.timedelta(day))  # type: ignore[arg-type]
        for day, (relation, _) in enumerate(relations)
    ]
    found = measured(paid(str(gross)), work, footings)
    chance.shuffle(work)  # type: ignore[attr-defined]
    chance.shuffle(footings)  # type: ignore[attr-defined]
    assert measured(paid(str(gross)), work, footings) == found


def test_stretches_of_a_part_month_are_no_more_than_the_month() -> None:
    """Employed from the 2nd on but for a weekend: twenty-two paid days in two stretches, of 21.75."""
    held = [
        footing("employment", last=dt.date(2026, 7, 17)),
        footing("self_employed", dt.date(2026, 7, 18), dt.date(2026, 7, 19)),
        footing("employment", dt.date(2026, 7, 20)),
    ]
    first, last = dt.date(2026, 7, 2), dt.date(2026, 7, 31)
    work = [order(at(8, 8, month=7), at(8, 9, month=7))]
    assert measure(paid("2200.00", first=first, last=last), work, held, ()).found is None
    found = measure(paid("2199.99", first=first, last=last), work, held, ()).found
    assert found is not None
    assert found.finding.due == "2200.00"  # type: ignore[union-attr]

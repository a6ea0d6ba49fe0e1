"""Work on statutory holidays, all checks of a settlement together, and what another law means for those checked before."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.complaints.parties.rules import Footing
from services.complaints.pay import extra_pay_rules, rules
from services.complaints.pay.extra_pay_rules import UNNAMED, holiday_pay
from services.complaints.pay.payment_rules import Pay
from services.complaints.pay.rules import check, first_difference
from services.complaints.pay.time_rules import Interval
from shared.contracts.complaints.pay_findings import HolidayPay, OvertimePay, PayBelowHourlyMinimum
from tests.unit.complaints.pay.settlements import (
    EMPLOYED,
    LAST,
    OWN,
    PARTIAL,
    TEN_HOURS,
    Amounts,
    at,
    footing,
    order,
    paid,
)

# 1 October 2026 is a statutory holiday, 4 October is none
WORK = [order(at(1, 8, month=10), at(1, 12, month=10)), order(at(5, 8, month=10), at(5, 18, month=10))]


def october(gross: str, components: Amounts = ()) -> Pay:
    return paid(gross, first=dt.date(2026, 10, 1), last=dt.date(2026, 10, 15), components=components)


def test_an_employee_is_due_three_times_the_normal_hour() -> None:
    # ten other hours were paid 300, so an hour is 30; four hours of the holiday are due 4 * 30 * 3 = 360
    enough = [("orders", "300.00"), ("holiday_overtime", "360.00")]
    assert holiday_pay(october("660.00", enough), WORK, EMPLOYED) == (None, None)
    short = [("orders", "300.00"), ("holiday_overtime", "359.99")]
    found, open_ = holiday_pay(october("659.99", short), WORK, EMPLOYED)
    assert found is not None
    assert open_ is None
    finding = found.finding
    assert isinstance(finding, HolidayPay)
    assert (finding.days, finding.holiday_seconds, finding.normal_seconds) == ((dt.date(2026, 10, 1),), 14_400, 36_000)
    assert (finding.normal_hourly, finding.percent, finding.due) == ("30.00", "300", "360.00")
    assert {row.key for row in found.used} >= {"holiday.statutory_dates", "overtime.percent[statutory_holiday]"}


def test_others_are_due_more_than_the_normal_hour() -> None:
    same = [("orders", "300.00"), ("holiday_overtime", "120.00")]
    found, _ = holiday_pay(october("420.00", same), WORK, PARTIAL)
    assert found is not None
    assert isinstance(found.finding, HolidayPay)
    assert (found.finding.percent, found.finding.due) == (None, "120.00")
    more = [("orders", "300.00"), ("holiday_overtime", "120.01")]
    assert holiday_pay(october("420.01", more), WORK, PARTIAL) == (None, None)


def test_each_holiday_is_due_by_the_footing_of_its_day() -> None:
    # 1 October as before employment, 4 hours of 30; 2 October as an employee, 4 hours of 90
    work = [*WORK, order(at(2, 8, month=10), at(2, 12, month=10))]
    changing = [footing(last=dt.date(2026, 10, 1)), footing("employment", dt.date(2026, 10, 2))]
    for pay, is_found in (("480.00", False), ("479.99", True)):
        named = [("orders", "300.00"), ("holiday_overtime", pay)]
        found, _ = holiday_pay(october(str(300 + float(pay)), named), work, changing)
        assert (found is not None) == is_found


def test_without_components_holiday_work_goes_to_a_person() -> None:
    assert holiday_pay(october("420.00"), WORK, EMPLOYED) == (None, UNNAMED)
    assert holiday_pay(october("420.00"), WORK, OWN) == (None, None)
    assert holiday_pay(october("420.00"), WORK[1:], EMPLOYED) == (None, None)


def test_a_holiday_without_other_hours_needs_some_pay_of_its_own() -> None:
    found, _ = holiday_pay(october("100.00", [("orders", "100.00")]), WORK[:1], PARTIAL)
    assert found is not None
    assert isinstance(found.finding, HolidayPay)
    assert (found.finding.due, found.finding.normal_hourly) == (None, None)


def test_a_year_whose_holidays_are_not_known_goes_to_a_person() -> None:
    work = [order(at(1, 8, month=10, year=2027), at(1, 12, month=10, year=2027))]
    pay = paid("1.00", first=dt.date(2027, 10, 1), last=dt.date(2027, 10, 1))
    assert "holiday.statutory_dates" in (holiday_pay(pay, work, PARTIAL)[1] or "")


def test_one_settlement_may_break_several_rules() -> None:
    pay = paid(
        "150.00",
        [("deposit", "20.00")],
        net=Decimal("120.00"),
        due_on=LAST,
        paid_on=LAST + dt.timedelta(1),
    )
    checked = check(pay, TEN_HOURS, PARTIAL)
    kinds = [type(one.finding).__name__ for one in checked.found]
    assert kinds == ["PayBelowHourlyMinimum", "PayLate", "PayShort", "DeductionUnlawful"]
    assert (checked.district, checked.undecided) == ("510603", ())


def test_without_orders_the_engagement_says_the_district() -> None:
    late = paid("150.00", net=Decimal(150), due_on=LAST, paid_on=LAST + dt.timedelta(1))
    assert check(late, [], PARTIAL, district="510681").district == "510681"
    assert check(late, [], []).district == "510600"


def test_another_row_tells_from_which_day_on_to_check_again() -> None:
    today = rules.rows()
    assert first_difference(today, today) is None
    without = [row for row in today if not (row.startswith("2025-01-01") and "minimum_wage.monthly" in row)]
    assert len(without) == len(today) - 1
    assert first_difference(without, today) == dt.date(2025, 1, 1)
    assert first_difference([], today) == min(dt.date.fromisoformat(row[:10]) for row in today)


def overtime_of(pay: Pay, orders: list[Interval], footings: list[Footing] = EMPLOYED) -> OvertimePay | None:
    found, _ = extra_pay_rules.overtime_pay(pay, orders, footings)
    if found is None:
        return None
    assert isinstance(found.finding, OvertimePay)
    return found.finding


# Ten hours on Thursday 3 September 2026, of which two are overtime.
LONG_DAY = [order(at(3, 8), at(3, 18))]


def test_overtime_is_paid_one_and_a_half_times() -> None:
    named = paid("219.99", components=(("overtime", "59.99"),))
    found = overtime_of(named, LONG_DAY)
    assert found is not None
    # 160 for eight hours are 20 an hour, so that two hours of overtime are worth 60
    assert (found.overtime_seconds, found.normal_hourly, found.due, found.shortfall) == (7200, "20.00", "60.00", "0.01")
    assert overtime_of(paid("220.00", components=(("overtime", "60.00"),)), LONG_DAY) is None


def test_a_day_on_which_only_a_night_ends_is_paid_as_its_work() -> None:
    week = [order(at(day, 9), at(day, 13)) for day in range(7, 13)]
    night = order(at(12, 23), at(13, 1))
    pay = paid("1000.00", components=(("bonus", "10.00"),))
    assert overtime_of(pay, [*week, night]) is None
    assert overtime_of(pay, [*week, night, order(at(13, 9), at(13, 10))]) is not None
    assert overtime_of(pay, [*week, night, order(at(14, 0), at(14, 2))]) is not None


def test_a_day_of_a_week_without_rest_is_paid_twice() -> None:
    hours = [8, 8, 8, 8, 8, 8, 4]  # from Monday 7 to Sunday 13 September
    week = [order(at(7 + n, 8), at(7 + n, 8 + one)) for n, one in enumerate(hours)]
    found = overtime_of(paid("960.00", components=(("bonus", "0.00"),)), week)
    assert found is not None
    assert (found.rest_days, found.rest_day_seconds) == ((dt.date(2026, 9, 13),), 4 * 3600)
    assert (found.overtime_pay, found.normal_hourly, found.due) == ("0.00", "20.00", "160.00")
    assert overtime_of(paid("960.00", components=(("bonus", "0.00"),)), week[:6]) is None


def test_overtime_without_components_goes_to_a_person() -> None:
    assert extra_pay_rules.overtime_pay(paid("100"), LONG_DAY, EMPLOYED) == (None, extra_pay_rules.OVERTIME_UNNAMED)
    assert extra_pay_rules.overtime_pay(paid("100"), LONG_DAY, PARTIAL) == (None, None)
    assert extra_pay_rules.overtime_pay(paid("100"), [order(at(3, 8), at(3, 16))], EMPLOYED) == (None, None)


def test_a_holidays_work_is_no_overtime() -> None:
    holiday = [order(at(25, 8), at(25, 20))]  # the Mid-Autumn Festival of 2026
    pay = paid("100", first=dt.date(2026, 9, 16), last=dt.date(2026, 9, 30), components=(("bonus", "1"),))
    assert extra_pay_rules.overtime_pay(pay, holiday, EMPLOYED) == (None, None)


def test_part_time_employment_is_held_to_the_hourly_minimum() -> None:
    by_hour = [Footing(first=dt.date(2020, 1, 1), last=None, relation="employment", part_time=True)]
    kinds = {type(one.finding) for one in rules.check(paid("209.99"), TEN_HOURS, by_hour).found}
    assert PayBelowHourlyMinimum in kinds
    assert not {type(one.finding) for one in rules.check(paid("210.00"), TEN_HOURS, by_hour).found}


def test_what_overtime_rests_on_has_settlements_checked_again() -> None:
    week = [order(at(day, 8), at(day, 18)) for day in range(7, 14)]
    found, _ = extra_pay_rules.overtime_pay(paid("2200.00", components=(("orders", "2200.00"),)), week, EMPLOYED)
    assert found is not None
    named = {row.split("|")[1] for row in rules.rows()}
    assert {row.key.partition("[")[0] for row in found.used} <= named

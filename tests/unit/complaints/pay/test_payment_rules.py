"""A settlement by itself: late, short, too long, and what was deducted."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from services.complaints.parties.rules import Footing
from services.complaints.pay import payment_rules
from shared.contracts.complaints.pay_findings import (
    DeductionTooLarge,
    DeductionUnlawful,
    PartTimePeriodTooLong,
    PayLate,
    PayPeriodTooLong,
    PayShort,
)
from shared.contracts.platform import Relation
from tests.unit.complaints.pay.settlements import EMPLOYED, LAST, paid


def test_paid_a_day_after_it_was_due_is_late() -> None:
    on_time = paid("200.00", net=Decimal(200), due_on=LAST, paid_on=LAST)
    assert payment_rules.late(on_time, {"employment"}) is None
    found = payment_rules.late(replace(on_time, paid_on=LAST + dt.timedelta(3)), {"employment"})
    assert found is not None
    assert isinstance(found.finding, PayLate)
    assert (found.finding.days, found.finding.net, found.to_judge) == (3, "200.00", ("delay_excused",))


def test_an_employees_payday_on_a_day_off_lies_before_it() -> None:
    sunday, friday = dt.date(2026, 11, 15), dt.date(2026, 11, 13)
    pay = paid("200.00", net=Decimal(200), due_on=sunday, paid_on=sunday)
    found = payment_rules.late(pay, {"employment"})
    assert found is not None
    assert isinstance(found.finding, PayLate)
    assert (found.finding.due_on, found.finding.days) == (friday, 2)
    assert found.to_judge == ("delay_excused", "payday_off")
    assert payment_rules.late(replace(pay, paid_on=friday), {"employment"}) is None
    assert payment_rules.late(pay, {"partial"}) is None


def test_what_earlier_versions_stored_is_not_late_nor_short() -> None:
    assert payment_rules.late(paid("200.00"), {"employment"}) is None
    assert payment_rules.short(paid("200.00")) is None


def test_less_than_gross_less_deductions_is_short() -> None:
    deductions = [("income_tax", "10.00"), ("fine", "5.50")]
    assert payment_rules.short(paid("200.00", deductions, net=Decimal("184.50"))) is None
    assert payment_rules.short(paid("200.00", deductions, net=Decimal("190.00"))) is None
    found = payment_rules.short(paid("200.00", deductions, net=Decimal("184.49")))
    assert found is not None
    assert isinstance(found.finding, PayShort)
    shown = (found.finding.deducted, found.finding.expected, found.finding.net, found.finding.shortfall)
    assert shown == ("15.50", "184.50", "184.49", "0.01")


def test_a_month_may_be_settled_at_once_and_a_day_more_not() -> None:
    first = dt.date(2026, 9, 10)
    assert payment_rules.period_too_long(paid("1", first=first, last=dt.date(2026, 10, 9)), {"partial"}) is None
    longer = paid("1", first=first, last=dt.date(2026, 10, 10))
    found = payment_rules.period_too_long(longer, {"partial"})
    assert found is not None
    assert isinstance(found.finding, PayPeriodTooLong)
    assert (found.finding.latest, found.finding.months) == (dt.date(2026, 10, 9), 1)
    assert [row.verified for row in found.used] == [False]
    employed = payment_rules.period_too_long(longer, {"employment"})
    assert employed is not None
    assert [(row.source, row.verified) for row in employed.used] == [("劳动法 第50条", True)]
    before_the_guideline = paid("1", first=dt.date(2022, 5, 1), last=dt.date(2022, 7, 1))
    assert payment_rules.period_too_long(before_the_guideline, {"employment"}) is not None
    assert payment_rules.period_too_long(before_the_guideline, {"partial"}) is None
    assert payment_rules.period_too_long(longer, {"self_employed"}) is None
    assert payment_rules.period_too_long(longer, set()) is None


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-01-31", "2026-02-27"),
        ("2026-02-28", "2026-03-30"),
        ("2026-02-28", "2026-03-28"),
        ("2026-02-28", "2026-03-27"),
        ("2028-02-29", "2028-03-30"),
        ("2028-02-28", "2028-03-27"),
        ("2026-04-30", "2026-05-30"),
        ("2026-12-31", "2027-01-30"),
    ],
)
def test_a_month_of_pay_may_begin_on_the_last_day(first: str, last: str) -> None:
    """Who pays from the 31st to the 30th pays by the month, in short months too."""
    month = paid("1", first=dt.date.fromisoformat(first), last=dt.date.fromisoformat(last))
    assert month.of_a_month
    assert payment_rules.period_too_long(month, {"employment"}) is None


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-02-28", "2026-03-31"),
        ("2028-02-28", "2028-03-28"),
        ("2026-04-29", "2026-05-29"),
        ("2026-12-31", "2027-01-31"),
    ],
)
def test_no_more_than_a_month_from_its_last_days(first: str, last: str) -> None:
    longer = paid("1", first=dt.date.fromisoformat(first), last=dt.date.fromisoformat(last))
    assert not longer.of_a_month
    assert payment_rules.period_too_long(longer, {"employment"}) is not None


def test_deposits_and_fees_are_unlawful_on_any_footing() -> None:
    deductions = [("deposit", "100.00"), ("training_fee", "50.00"), ("income_tax", "3.00"), ("rent", "20.00")]
    own = payment_rules.unlawful_deductions(paid("500.00", deductions), {"self_employed"})
    assert own is not None
    assert isinstance(own.finding, DeductionUnlawful)
    assert [(one.kind, one.forbidden) for one in own.finding.items] == [("deposit", True), ("training_fee", True)]
    assert (own.finding.total, own.to_judge) == ("150.00", ())
    labour = payment_rules.unlawful_deductions(paid("500.00", deductions), {"partial"})
    assert labour is not None
    assert isinstance(labour.finding, DeductionUnlawful)
    assert (labour.finding.total, labour.to_judge) == ("170.00", ("deduction_basis",))


def test_what_the_law_withholds_is_lawful() -> None:
    deductions = [("social_insurance", "80.00"), ("court_order", "20.00"), ("damages", "5.00"), ("fine", "0.00")]
    assert payment_rules.unlawful_deductions(paid("500.00", deductions), {"employment"}) is None


def test_no_more_than_a_fifth_is_withheld_for_damage() -> None:
    assert payment_rules.damages_too_large(paid("1000.00", [("damages", "200.00")]), {"employment"}) is None
    found = payment_rules.damages_too_large(
        paid("1000.00", [("damages", "150.00"), ("compensation", "50.01")]), {"employment"}
    )
    assert found is not None
    assert isinstance(found.finding, DeductionTooLarge)
    assert (found.finding.allowed, found.finding.deducted, found.finding.excess) == ("200.00", "200.01", "0.01")
    assert not all(row.verified for row in found.used)
    assert payment_rules.damages_too_large(paid("1000.00", [("damages", "999.00")]), {"partial"}) is None


def part_time(relation: Relation = "employment", last: dt.date | None = None) -> Footing:
    return Footing(first=dt.date(2020, 1, 1), last=last, relation=relation, part_time=True)


def test_part_time_pay_is_settled_within_fifteen_days() -> None:
    assert payment_rules.part_time_period_too_long(paid("100"), [part_time()]) is None
    longer = paid("100", last=dt.date(2026, 9, 16))
    found = payment_rules.part_time_period_too_long(longer, [part_time()])
    assert found is not None
    assert isinstance(found.finding, PartTimePeriodTooLong)
    assert (found.finding.latest, found.finding.days) == (dt.date(2026, 9, 15), 15)
    assert [(row.key, row.verified) for row in found.used] == [("part_time.settle_days", True)]
    assert payment_rules.part_time_period_too_long(longer, EMPLOYED) is None
    # of which only fifteen days were part time
    assert payment_rules.part_time_period_too_long(longer, [part_time(last=dt.date(2026, 9, 15))]) is None


def test_a_sum_beyond_any_pay_is_shown_as_the_largest_amount() -> None:
    largest = "999999999999.99"
    found = payment_rules.unlawful_deductions(
        paid(largest, [("deposit", largest), ("uniform", largest)]), {"employment"}
    )
    assert found is not None
    assert isinstance(found.finding, DeductionUnlawful)
    assert found.finding.total == largest
    assert msgspec.convert(msgspec.to_builtins(found.finding), DeductionUnlawful) == found.finding

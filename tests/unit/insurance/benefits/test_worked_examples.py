"""Sums worked out by hand from the articles, each with its arithmetic. The average wage, incomes and daily rates are invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from services.insurance.benefits.calculation import calculate
from services.insurance.benefits.fact_rules import Dependant, Facts, Invoice
from services.insurance.benefits.rules import own_wage
from shared.errors import RuleBroken
from shared.policy.parameters import Law, Parameters, parameters
from shared.policy.rows import parse, read_all

DAY = dt.date(2026, 3, 16)
FIGURES = {
    "wage.average_monthly": "'6000'",
    "income.urban_disposable": "'56502'",
    "oip.benefit_base_ratio": "'0.6'",
    "oip.living_monthly": "'1800'",
    "work_injury.leaving_medical_months": "{5: 14, 6: 12, 7: 10, 8: 8, 9: 6, 10: 4}",
    "work_injury.leaving_employment_months": "{5: 60, 6: 48, 7: 26, 8: 18, 9: 9, 10: 6}",
    "work_injury.leaving_percent": "{leaving_medical: 100, leaving_employment: 40}",
    "minimum_wage.monthly": "'2200'",
    "benefit.hospital_meals_daily": "'25'",
    "benefit.travel_daily": "'180'",
}


def law() -> Law:
    declared = read_all()
    for key, value in FIGURES.items():
        row = f"{{value: {value}, from: 2022-01-01, source: {{document: 试验}}, verified: true}}"
        text = f"{key}:\n  title: 试\n  description: A trial.\n  unit: {declared[key].unit}\n  rows: [{row}]\n"
        declared |= {parameter.key: parameter for parameter in parse(text)}
    return Parameters(declared.values()).on(DAY, place="510603")


def comes_to(kind: str, wage: str | None = "5000", scheme: str = "work_injury", **facts: Any) -> Decimal:
    own = Decimal(wage) if wage is not None else None
    found = calculate(kind, Facts(scheme=scheme, own_wage=own, **facts), law())  # type: ignore[arg-type]
    assert found.amount is not None
    return found.amount


def bills(*sums: tuple[str, str]) -> list[Invoice]:
    return [Invoice(Decimal(amount), Decimal(excluded)) for amount, excluded in sums]


def test_treatment_by_the_catalogues() -> None:
    """Art. 30, 3. Two bills: 12345.67 - 345.67 outside the catalogues = 12000.00, and 99.90: 12099.90."""
    assert comes_to("medical", invoices=bills(("12345.67", "345.67"), ("99.90", "0"))) == Decimal("12099.90")


def test_treatment_of_which_a_third_party_paid_a_part() -> None:
    """社会保险法 art. 42. 12000.00 within the catalogues, 5000.00 paid by the driver: 7000.00 from the fund."""
    found = comes_to("medical", invoices=bills(("12000.00", "0")), third_party_paid=Decimal(5000))
    assert found == Decimal("7000.00")


def test_rehabilitation() -> None:
    """Art. 30, 6. 3200.00 - 200.00 against the rules = 3000.00."""
    assert comes_to("rehabilitation", invoices=bills(("3200.00", "200.00"))) == Decimal("3000.00")


def test_a_prosthesis_within_the_states_standard() -> None:
    """Art. 32. The device cost 28000.00, the standard is 23500.00: 28000.00 - 4500.00 = 23500.00."""
    assert comes_to("assistive_device", invoices=bills(("28000.00", "4500.00")), confirmed=True) == Decimal("23500.00")


def test_meals_of_eighteen_days_in_hospital() -> None:
    """Art. 30, 4. 18 x 25 = 450.00."""
    assert comes_to("hospital_meals", days=18) == Decimal("450.00")


def test_treatment_in_another_place() -> None:
    """Art. 30, 4. Fares 156.00 + 156.00; 3 days x 180 = 540.00; together 852.00."""
    found = comes_to("travel", invoices=bills(("156.00", "0"), ("156.00", "0")), days=3, confirmed=True)
    assert found == Decimal("852.00")


def test_pay_while_work_is_suspended_stays_the_former() -> None:
    """Art. 33, 1. 6543.21 before, 6543.21 now."""
    assert comes_to("suspended_pay", pay=Decimal("6543.21")) == Decimal("6543.21")


@pytest.mark.parametrize(
    ("grade", "amount"),
    [(1, "135000"), (2, "125000"), (3, "115000"), (4, "105000"), (5, "90000"),
     (6, "80000"), (7, "65000"), (8, "55000"), (9, "45000"), (10, "35000")],
)  # fmt: skip
def test_the_lump_sum_of_each_grade(grade: int, amount: str) -> None:
    """Art. 35-37. Wage 5000 x 27, 25, 23, 21, 18, 16, 13, 11, 9, 7 months."""
    assert comes_to("disability_lump", grade=grade) == Decimal(amount)


def test_a_wage_under_three_fifths_of_the_average_is_raised() -> None:
    """Art. 64. 60 % of 6000 = 3600 > 2800; grade 9: 3600 x 9 = 32400.00."""
    assert comes_to("disability_lump", "2800", grade=9) == Decimal("32400.00")


def test_a_wage_over_three_times_the_average_is_cut() -> None:
    """Art. 64. 300 % of 6000 = 18000 < 25000; grade 10: 18000 x 7 = 126000.00."""
    assert comes_to("disability_lump", "25000", grade=10) == Decimal("126000.00")


@pytest.mark.parametrize(("grade", "amount"), [(1, "4500"), (2, "4250"), (3, "4000"), (4, "3750")])
def test_the_allowance_of_the_severely_injured(grade: int, amount: str) -> None:
    """Art. 35, 1, 2. 5000 x 90, 85, 80, 75 %."""
    assert comes_to("disability_allowance", grade=grade) == Decimal(amount)


def test_an_allowance_is_raised_to_the_minimum_wage() -> None:
    """Art. 36, 1, 2. Wage 3000, raised to 3600; 60 % = 2160 < 2200: the employer makes it 2200.00."""
    assert comes_to("employer_allowance", "3000", grade=6, no_fitting_work=True) == Decimal("2200.00")


def test_the_employers_allowance_of_grade_five() -> None:
    """Art. 36, 1, 2. 5000 x 70 % = 3500.00, where there is no fitting work; none where there is."""
    assert comes_to("employer_allowance", grade=5, no_fitting_work=True) == Decimal("3500.00")
    with pytest.raises(RuleBroken) as refused:
        comes_to("employer_allowance", grade=5)
    assert refused.value.kind == "work-offered"


@pytest.mark.parametrize(("need", "amount"), [("full", "3000"), ("most", "2400"), ("partial", "1800")])
def test_nursing_by_dependence(need: str, amount: str) -> None:
    """Art. 34. 6000 x 50, 40, 30 %."""
    assert comes_to("nursing", grade=1, nursing=need) == Decimal(amount)


def test_who_retires_is_paid_what_the_pension_falls_short() -> None:
    """Art. 35, 1, 3. Allowance 3750.00 - pension 2980.40 = 769.60."""
    found = comes_to("pension_difference", allowance=Decimal("3750.00"), pension=Decimal("2980.40"))
    assert found == Decimal("769.60")


def test_leaving_sums_by_the_provinces_months() -> None:
    """Art. 36, 2 and 37, 1, 2. Grade 8 at the contract's end: 6000 x 8 = 48000.00; 6000 x 18 = 108000.00, 40 % left: 43200.00."""
    assert comes_to("leaving_medical", grade=8, leaving="expired") == Decimal("48000.00")
    assert comes_to("leaving_employment", grade=8, leaving="expired") == Decimal("43200.00")


def test_of_grade_five_and_six_only_the_worker_may_leave() -> None:
    """Art. 36, 2: on the worker's own request. Grade 6: 6000 x 12 = 72000.00."""
    assert comes_to("leaving_medical", grade=6, leaving="own_request") == Decimal("72000.00")
    for how in ("expired", None):
        with pytest.raises(RuleBroken):
            comes_to("leaving_medical", grade=6, leaving=how)


def test_the_funeral_grant() -> None:
    """Art. 39, 1, 1. 6000 x 6 = 36000.00."""
    assert comes_to("funeral", fatal=True) == Decimal("36000.00")


def test_the_death_grant() -> None:
    """Art. 39, 1, 3. 56502 x 20 = 1130040.00."""
    assert comes_to("death_lump", fatal=True) == Decimal("1130040.00")


def test_pensions_of_a_widow_and_two_orphans_together() -> None:
    """Art. 39, 1, 2. 40 + (30 + 10) + (30 + 10) = 120 %, cut to 100 % of 5000 = 5000.00."""
    family = [Dependant("spouse"), Dependant("other", lone=True), Dependant("other", lone=True)]
    assert comes_to("dependant_pension", fatal=True, dependants=family) == Decimal("5000.00")


def test_death_within_suspended_work_gives_all_three() -> None:
    """Art. 39, 2: as at once, also where a grade was found before by mistake of order: 1130040.00."""
    assert comes_to("death_lump", fatal=True, death="while_suspended") == Decimal("1130040.00")


def test_death_of_the_severely_injured_gives_two_of_three() -> None:
    """Art. 39, 3: funeral grant 36000.00 and pensions (40 % = 2000.00), no death grant."""
    after: dict[str, Any] = {"fatal": True, "grade": 2, "death": "severe_after"}
    assert comes_to("funeral", **after) == Decimal("36000.00")
    assert comes_to("dependant_pension", dependants=[Dependant("spouse")], **after) == Decimal("2000.00")
    with pytest.raises(RuleBroken) as refused:
        comes_to("death_lump", **after)
    assert refused.value.kind == "death-does-not-fit"


def test_half_of_the_death_grant_is_advanced_in_hardship() -> None:
    """Art. 41. 1130040.00 x 50 % = 565020.00; when the death is declared the rest, 1130040.00 - 565020.00 = 565020.00."""
    assert comes_to("death_advance", missing=True, hardship=True) == Decimal("565020.00")
    rest = comes_to("death_lump", fatal=True, death="at_once", advanced=Decimal("565020.00"))
    assert rest == Decimal("565020.00")


def test_the_pay_of_who_is_missing_goes_on() -> None:
    """Art. 41. 6000.00 a month, of somebody who is missing alone."""
    assert comes_to("missing_pay", missing=True, pay=Decimal(6000)) == Decimal("6000.00")
    with pytest.raises(RuleBroken):
        comes_to("missing_pay", pay=Decimal(6000))


def test_a_higher_grade_found_by_the_province_pays_the_rest() -> None:
    """Art. 26. Grade 8 was paid 5000 x 11 = 55000.00; grade 7 is 65000.00: 10000.00 more."""
    assert comes_to("disability_lump", grade=7, advanced=Decimal(55000)) == Decimal("10000.00")


def test_an_occupational_injury_goes_by_the_average_wage() -> None:
    """办法（试行）, by analogy: base 6000 x 0.6 = 3600; grade 10: 3600 x 7 = 25200.00; grade 1: 3600 x 90 % = 3240.00."""
    assert comes_to("disability_lump", None, "occupational_injury", grade=10) == Decimal("25200.00")
    assert comes_to("disability_allowance", None, "occupational_injury", grade=1) == Decimal("3240.00")


def test_the_own_wage_of_twelve_months_before_the_accident() -> None:
    """Art. 64. March 2025 to February 2026: 6 x 4800 + 6 x 5200 = 60000, / 12 = 5000.00; what came before and after counts not."""
    paid_in = [(f"2025-{month:02d}", "U", Decimal(4800)) for month in range(3, 9)]
    paid_in += [
        (month, "U", Decimal(5200)) for month in ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02")
    ]
    paid_in += [("2025-02", "U", Decimal(9000)), ("2026-03", "U", Decimal(9000))]
    assert own_wage(paid_in, "2026-03", ["U"], parameters.on(DAY)) == Decimal("5000.00")


def test_the_own_wage_of_fewer_months() -> None:
    """Two months: (4700 + 4800.01) / 2 = 4750.005, half up 4750.01."""
    paid_in = [("2026-01", "U", Decimal(4700)), ("2026-02", "U", Decimal("4800.01"))]
    assert own_wage(paid_in, "2026-03", ["U"], parameters.on(DAY)) == Decimal("4750.01")


def test_another_employers_contributions_count_not_beside() -> None:
    """The employer at the injury paid in 5000 a month; another 3000 for the same months: 5000.00."""
    paid_in = [("2026-01", "U", Decimal(5000)), ("2026-01", "V", Decimal(3000)), ("2026-02", "U", Decimal(5000))]
    assert own_wage(paid_in, "2026-03", ["U"], parameters.on(DAY)) == Decimal("5000.00")


def test_whose_wage_it_is_goes_to_a_person_where_several_paid() -> None:
    paid_in = [("2026-01", "V", Decimal(5000)), ("2026-01", "W", Decimal(3000))]
    assert own_wage(paid_in, "2026-03", ["U"], parameters.on(DAY)) is None
    assert own_wage(paid_in[:1], "2026-03", ["U"], parameters.on(DAY)) == Decimal("5000.00")
    assert own_wage([], "2026-03", ["U"], parameters.on(DAY)) is None


def test_where_nobody_has_the_average_the_records_stand() -> None:
    """The contributions were declared between the same bounds: 13 x 5000 = 65000.00. A wage that somebody says stays open."""
    real = parameters.on(DAY, place="510603")
    told = Facts(scheme="work_injury", grade=7, own_wage=Decimal(5000))
    found = Facts(scheme="work_injury", grade=7, own_wage=Decimal(5000), from_records=True)
    assert calculate("disability_lump", told, real).missing == "wage.average_monthly"
    assert calculate("disability_lump", found, real).amount == Decimal("65000.00")
    low = Facts(scheme="work_injury", grade=7, own_wage=Decimal(3000), from_records=True)
    assert calculate("disability_lump", low, law()).amount == Decimal("46800.00")  # 60 % of 6000 = 3600, x 13

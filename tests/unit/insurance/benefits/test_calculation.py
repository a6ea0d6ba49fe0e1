"""Sums of benefits, against figures calculated by hand from the regulation's text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from services.insurance.benefits.calculation import FORMULAS, calculate
from services.insurance.benefits.fact_rules import Dependant, Facts, Invoice
from services.insurance.benefits.rules import MONTHLY, SEVERAL, comes_again, months, most_months, payer_of
from services.insurance.claims.rules import OF_THE_DEAD
from shared.contracts.insurance import Scheme
from shared.errors import RuleBroken
from shared.policy.parameters import Law, Parameters, parameters
from shared.policy.rows import parse, read_all

DAY = dt.date(2026, 9, 2)
FIGURES = {
    "wage.average_monthly": "'7000.03'",
    "income.urban_disposable": "'54321.05'",
    "oip.benefit_base_ratio": "'0.6'",
    "oip.living_monthly": "'1800'",
    "work_injury.leaving_medical_months": "{7: 12}",
    "work_injury.leaving_employment_months": "{7: 25}",
    "work_injury.leaving_percent": "{leaving_medical: 100, leaving_employment: 100}",
    "minimum_wage.monthly": "'2200'",
}


def law(*, without: str = "", **others: str) -> Law:
    """The real parameters, with invented figures for those that nobody has but for `without`; `others`: other figures."""
    declared = read_all()
    for key, value in (FIGURES | others).items():
        if key == without:
            continue
        row = f"{{value: {value}, from: 2022-01-01, source: {{document: 试验}}, verified: true}}"
        unit = declared[key].unit
        text = f"{key}:\n  title: 试\n  description: A trial.\n  unit: {unit}\n  rows: [{row}]\n"
        declared |= {parameter.key: parameter for parameter in parse(text)}
    return Parameters(declared.values()).on(DAY, place="510603")


def work_injury(**facts: Any) -> Facts:
    values: dict[str, Any] = {"scheme": "work_injury", "own_wage": Decimal("5000.55")}
    return Facts(**(values | facts))


def occupational(**facts: Any) -> Facts:
    return Facts(scheme="occupational_injury", **facts)


BILLS = [Invoice(Decimal("1200.10"), Decimal("200.05")), Invoice(Decimal("0.95"))]
CHILD, ORPHAN, WIDOW = Dependant("other"), Dependant("other", lone=True), Dependant("spouse")


@pytest.mark.parametrize(
    ("kind", "facts", "amount"),
    [
        ("medical", work_injury(invoices=BILLS), "1001.00"),
        ("medical", occupational(invoices=BILLS), "1001.00"),
        ("suspended_pay", work_injury(pay=Decimal("6543.21")), "6543.21"),
        # 5000.55 lies between 4200.018 and 21000.09
        ("disability_lump", work_injury(grade=1), "135014.85"),
        ("disability_lump", work_injury(grade=10), "35003.85"),
        # raised to 60 per cent of the average wage: 4200.018 times 16
        ("disability_lump", work_injury(grade=6, own_wage=Decimal(3000)), "67200.29"),
        # cut to 300 per cent: 21000.09 times 27
        ("disability_lump", work_injury(grade=1, own_wage=Decimal(30000)), "567002.43"),
        ("disability_lump", occupational(grade=10), "29400.13"),
        ("disability_allowance", work_injury(grade=1), "4500.50"),
        ("disability_allowance", work_injury(grade=4), "3750.41"),
        ("employer_allowance", work_injury(grade=5, no_fitting_work=True), "3500.39"),
        ("employer_allowance", work_injury(grade=6, no_fitting_work=True), "3000.33"),
        ("disability_allowance", occupational(grade=2), "3570.02"),
        ("nursing", work_injury(grade=1, nursing="full"), "3500.02"),
        ("nursing", work_injury(grade=2, nursing="most"), "2800.01"),
        ("nursing", occupational(grade=3, nursing="partial"), "2100.01"),
        ("leaving_medical", work_injury(grade=7, leaving="expired"), "84000.36"),
        ("leaving_employment", work_injury(grade=7, leaving="own_request"), "175000.75"),
        ("funeral", work_injury(fatal=True), "42000.18"),
        ("death_lump", work_injury(fatal=True), "1086421.00"),
        ("death_lump", occupational(fatal=True), "1086421.00"),
        ("dependant_pension", work_injury(fatal=True, dependants=[WIDOW]), "2000.22"),
        ("dependant_pension", work_injury(fatal=True, dependants=[WIDOW, CHILD]), "3500.39"),
        ("dependant_pension", work_injury(fatal=True, dependants=[ORPHAN]), "2000.22"),
        # 40 + 30 + 30 + 40 per cent, cut to the whole wage
        ("dependant_pension", work_injury(fatal=True, dependants=[WIDOW, CHILD, CHILD, ORPHAN]), "5000.55"),
        ("dependant_pension", occupational(fatal=True, dependants=[WIDOW, CHILD]), "2940.01"),
        ("living", occupational(), "1800.00"),
    ],
)
def test_a_sum_is_what_the_regulation_gives(kind: str, facts: Facts, amount: str) -> None:
    assert calculate(kind, facts, law()).amount == Decimal(amount)


def test_an_allowance_is_not_under_the_minimum_wage() -> None:
    assert calculate("disability_allowance", work_injury(grade=4, own_wage=Decimal(1)), law()).amount == Decimal(
        "3150.01"
    )
    low = law(**{"wage.average_monthly": "'3000'"})
    assert calculate("disability_allowance", work_injury(grade=4, own_wage=Decimal(1)), low).amount == Decimal(2200)


@pytest.mark.parametrize(
    ("kind", "facts", "reason"),
    [
        ("medical", work_injury(), "invoices-missing"),
        ("medical", work_injury(invoices=[BILLS[0], Invoice(Decimal(1), Decimal(2))]), "excluded-too-much"),
        ("rehabilitation", work_injury(invoices=[Invoice(Decimal(1), Decimal(1))]), "nothing-left"),
        ("suspended_pay", work_injury(), "pay-missing"),
        ("disability_lump", work_injury(), "grade-does-not-fit"),
        ("disability_lump", work_injury(grade=3, own_wage=None), "own-wage-missing"),
        ("disability_allowance", work_injury(grade=5), "grade-does-not-fit"),
        ("employer_allowance", work_injury(grade=4), "grade-does-not-fit"),
        ("employer_allowance", work_injury(grade=7), "grade-does-not-fit"),
        ("leaving_medical", work_injury(grade=4), "grade-does-not-fit"),
        ("nursing", work_injury(grade=1), "no-nursing"),
        ("nursing", work_injury(nursing="full"), "grade-does-not-fit"),
        ("funeral", work_injury(grade=1), "not-fatal"),
        ("death_lump", work_injury(fatal=True, grade=4), "grade-does-not-fit"),
        ("dependant_pension", work_injury(fatal=True), "no-dependants"),
        ("dependant_pension", work_injury(fatal=True, dependants=[WIDOW, WIDOW]), "two-spouses"),
    ],
)
def test_facts_that_do_not_give_a_benefit(kind: str, facts: Facts, reason: str) -> None:
    for known in (law(), parameters.on(DAY, place="510603")):
        with pytest.raises(RuleBroken) as refused:
            calculate(kind, facts, known)
        assert refused.value.kind == reason


@pytest.mark.parametrize(
    ("kind", "facts", "missing"),
    [
        ("disability_lump", work_injury(grade=3), "wage.average_monthly"),
        ("disability_lump", occupational(grade=3), "wage.average_monthly"),
        ("nursing", work_injury(grade=3, nursing="full"), "wage.average_monthly"),
        ("death_lump", occupational(fatal=True), "income.urban_disposable"),
        ("living", occupational(), "oip.living_monthly"),
    ],
)
def test_a_figure_that_nobody_has_leaves_the_sum_open(kind: str, facts: Facts, missing: str) -> None:
    found = calculate(kind, facts, parameters.on(DAY, place="510603"))
    assert (found.amount, found.missing) == (None, missing)
    share = calculate("disability_lump", occupational(grade=3), law(without="oip.benefit_base_ratio"))
    assert share.missing == "oip.benefit_base_ratio"


def test_the_parameters_that_a_sum_rests_on_are_kept() -> None:
    known = law()
    calculate("disability_lump", work_injury(grade=3), known)
    assert {used.key: used.value for used in known.used} == {
        "wage.average_monthly": "7000.03",
        "work_injury.own_wage_percent[floor]": "60",
        "work_injury.own_wage_percent[cap]": "300",
        "work_injury.lump_months[3]": "23",
    }


@pytest.mark.parametrize(
    ("kind", "scheme", "insured", "partner", "payer"),
    [
        ("medical", "work_injury", True, "P", "fund"),
        ("medical", "work_injury", False, "P", "partner"),
        ("medical", "occupational_injury", False, None, "platform"),
        ("employer_allowance", "work_injury", True, "P", "partner"),
        ("suspended_pay", "work_injury", True, None, "platform"),
        ("living", "occupational_injury", True, None, "fund"),
    ],
)
def test_who_pays(kind: str, scheme: Scheme, insured: bool, partner: str | None, payer: str) -> None:
    assert payer_of(kind, scheme, law(), insured=insured, partner=partner) == payer


@pytest.mark.parametrize(("partner", "payer"), [("P", "partner"), (None, "platform")])
def test_an_employer_that_applied_too_late_pays(partner: str | None, payer: str) -> None:
    """工伤保险条例 art. 17 (4), though it had insured."""
    assert payer_of("medical", "work_injury", law(), insured=True, partner=partner, late=True) == payer


@pytest.mark.parametrize("kind", ["employer_allowance", "suspended_pay", "leaving_medical", "leaving_employment"])
def test_what_occupational_injury_cover_has_not(kind: str) -> None:
    with pytest.raises(RuleBroken):
        payer_of(kind, "occupational_injury", law(), insured=True, partner=None)


def test_every_kind_of_the_parameters_has_its_formula_and_name() -> None:
    known = law()
    kinds = {*known.table("work_injury.benefit_payers"), *known.table("oip.benefit_payers")}
    assert kinds == set(FORMULAS) == set(known.table("benefit.titles"))
    assert kinds >= MONTHLY | SEVERAL | OF_THE_DEAD


def test_suspended_work_is_paid_for_a_year_or_two() -> None:
    """For the second one where it is extended."""
    assert most_months("suspended_pay", law(), extended=False) == 12
    assert most_months("suspended_pay", law(), extended=True) == 24
    assert most_months("nursing", law(), extended=False) is None


@pytest.mark.parametrize(
    ("first", "last", "most", "found"),
    [
        ("2026-09", None, None, ("2026-09", None)),
        ("2026-10", "2027-03", None, ("2026-10", "2027-03")),
        ("2026-09", None, 12, ("2026-09", "2027-08")),
        ("2026-10", None, 12, ("2026-10", "2027-09")),
        ("2026-11", None, 12, ("2026-11", "2027-09")),
        ("2026-11", "2026-12", 12, ("2026-11", "2026-12")),
        ("2026-11", "2030-12", 12, ("2026-11", "2027-09")),
    ],
)
def test_the_months_of_a_monthly_benefit(
    first: str, last: str | None, most: int | None, found: tuple[str, str]
) -> None:
    assert months(first, last, "2026-09", "2026-11", most) == found


@pytest.mark.parametrize(("first", "last"), [("2026-08", None), ("2026-12", None), ("2026-10", "2026-09")])
def test_months_before_the_injury_or_yet_to_come_are_not_paid(first: str, last: str | None) -> None:
    with pytest.raises(RuleBroken):
        months(first, last, "2026-09", "2026-11", None)


def test_only_what_may_pass_is_tried_again_and_not_for_ever() -> None:
    assert comes_again("bank_unavailable", 1, law())
    assert not comes_again("bank_unavailable", 3, law())
    assert not comes_again("account_wrong", 1, law())

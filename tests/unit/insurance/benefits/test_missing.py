"""What nobody has: each sum says all that it waits for and what is known, and follows from what a person enters."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from services.insurance.benefits.calculation import calculate
from services.insurance.benefits.fact_rules import Facts, Invoice, granted_facts
from services.insurance.benefits.missing_rules import Value, check, lacking, with_values
from services.insurance.benefits.proposal_commands import _basis
from services.insurance.benefits.rules import awaits_adjustment
from shared.errors import RuleBroken
from shared.policy.parameters import Law, parameters

DAY = dt.date(2026, 9, 2)
WAGE, INCOME, RATIO = (
    ("wage.average_monthly", None),
    ("income.urban_disposable", None),
    ("oip.benefit_base_ratio", None),
)
MEDICAL, EMPLOYMENT = ("work_injury.leaving_medical_months", "8"), ("work_injury.leaving_employment_months", "8")
WORK: dict[str, Any] = {"scheme": "work_injury"}
COVER: dict[str, Any] = {"scheme": "occupational_injury"}


def law() -> Law:
    return parameters.on(DAY, place="510603")


def left(kind: str) -> tuple[str, str]:
    return "work_injury.leaving_percent", kind


CASES: list[Any] = [
    # the own wage of 3000 is under 60 % of 6000 = 3600; grade 7: 13 months
    ("disability_lump", WORK | {"grade": 7, "own_wage": Decimal(3000)}, [(WAGE, "6000")], "46800.00"),
    # 6000 x 0.6 = 3600; x 13
    ("disability_lump", COVER | {"grade": 7}, [(WAGE, "6000"), (RATIO, "0.6")], "46800.00"),
    # grade 3: 80 % of 3600
    ("disability_allowance", WORK | {"grade": 3, "own_wage": Decimal(3000)}, [(WAGE, "6000")], "2880.00"),
    # 70 % of 3000 = 2100, raised to the minimum wage
    (
        "employer_allowance",
        WORK | {"grade": 5, "own_wage": Decimal(3000), "no_fitting_work": True},
        [(WAGE, "5000")],
        "2200.00",
    ),
    # 40 % of 6000
    ("nursing", WORK | {"grade": 2, "nursing": "most"}, [(WAGE, "6000")], "2400.00"),
    # 6 months of 6000
    ("funeral", WORK | {"fatal": True}, [(WAGE, "6000")], "36000.00"),
    # 20 x 56502
    ("death_lump", WORK | {"fatal": True}, [(INCOME, "56502")], "1130040.00"),
    # half of it
    ("death_advance", WORK | {"missing": True, "hardship": True}, [(INCOME, "56502")], "565020.00"),
    # 8 months of 6000, nothing cut
    (
        "leaving_medical",
        WORK | {"grade": 8, "leaving": "expired"},
        [(MEDICAL, "8"), (left("leaving_medical"), "100"), (WAGE, "6000")],
        "48000.00",
    ),
    # 18 months of 6000 = 108000, of which 40 % is left two years before retirement
    (
        "leaving_employment",
        WORK | {"grade": 8, "leaving": "expired"},
        [(EMPLOYMENT, "18"), (left("leaving_employment"), "40"), (WAGE, "6000")],
        "43200.00",
    ),
    # 18 days of 25
    ("hospital_meals", WORK | {"days": 18}, [(("benefit.hospital_meals_daily", None), "25")], "450.00"),
    # fares of 312, and 3 days of 180
    (
        "travel",
        WORK | {"days": 3, "confirmed": True, "invoices": [Invoice(Decimal(312))]},
        [(("benefit.travel_daily", None), "180")],
        "852.00",
    ),
    ("living", COVER, [(("oip.living_monthly", None), "1800")], "1800.00"),
]


@pytest.mark.parametrize(
    ("kind", "facts", "entered", "amount"), CASES, ids=[f"{one[0]}-{one[1]['scheme']}" for one in CASES]
)
def test_a_sum_follows_from_what_a_person_enters(kind: str, facts: Any, entered: Any, amount: str) -> None:
    """One value after the other; from what the benefit keeps of its facts, whose conditions were met when it was granted."""
    asked = Facts(**facts)
    assert lacking(kind, asked, law()).missing == tuple(key for key, _ in entered)
    kept = granted_facts(_basis(asked), asked.scheme)
    values: list[Value] = []
    for (key, entry), value in entered:
        found = calculate(kind, kept, with_values(law(), values))
        assert (found.amount, found.missing, found.entry) == (None, key, entry)
        values.append(Value(key, entry, value, "核定书1号"))
    final = with_values(law(), values)
    assert calculate(kind, kept, final).amount == Decimal(amount)
    sources = {one.key: (one.value, one.source, one.verified) for one in final.used}
    for one in values:
        name = one.key if one.entry is None else f"{one.key}[{one.entry}]"
        assert sources[name] == (one.value, "核定书1号", False)


def test_what_is_known_is_told_beside_what_is_missing() -> None:
    """Grade 7 gives 13 months, of a wage between 60 and 300 % of what nobody has."""
    known = lacking("disability_lump", Facts(**(WORK | {"grade": 7, "own_wage": Decimal(3000)})), law()).known
    assert {one.key: one.value for one in known} == {
        "work_injury.lump_months[7]": "13",
        "work_injury.own_wage_percent[floor]": "60",
        "work_injury.own_wage_percent[cap]": "300",
    }


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("wage.average_monthly", "7000.50", "7000.5"),
        ("wage.average_monthly", "0", None),
        ("work_injury.leaving_medical_months", "8", "8"),
        ("work_injury.leaving_medical_months", "8.5", None),
        ("work_injury.leaving_percent", "0", "0"),
        ("benefit.yearly_factor", "1.045", "1.045"),
        ("benefit.travel_daily", "一百", None),
        ("benefit.travel_daily", "NaN", None),
    ],
)
def test_what_a_parameter_may_be(key: str, value: str, kept: str | None) -> None:
    if kept is not None:
        assert check(key, value) == kept
        return
    with pytest.raises(RuleBroken) as refused:
        check(key, value)
    assert refused.value.kind == "value-does-not-fit"


@pytest.mark.parametrize(
    ("kind", "month", "adjusted", "awaits"),
    [
        ("nursing", "2027-01", ["2026-09"], True),
        ("nursing", "2026-12", ["2026-09"], False),
        ("nursing", "2027-06", ["2026-09", "2027-01"], False),
        ("nursing", "2028-01", ["2026-09", "2027-01"], True),
        ("suspended_pay", "2027-01", [], False),
    ],
)
def test_a_running_benefit_waits_for_each_years_factor(
    kind: str, month: str, adjusted: list[str], awaits: bool
) -> None:
    """工伤保险条例 art. 40: what began in September 2026 is to be adjusted, or not, in each later year."""
    assert awaits_adjustment(kind, "2026-09", month, adjusted) is awaits

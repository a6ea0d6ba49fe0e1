"""What a month comes to by insurance, what is missing of it, and what paying late costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from services.insurance.dues import amounts
from services.insurance.dues.amounts import Figure, FigureKind, Figures, Month, Owed, Paid, Rates
from shared.contracts.insurance import Insurance
from shared.policy.parameters import MissingParameter, parameters

UNIT = "91510600MA00000000"
LAW = parameters.on(dt.date(2025, 9, 1), place="510603")
DUE = dt.date(2025, 10, 15)


def figure(kind: FigureKind, unit: str | None = None, since: str = "2025-01-01", **values: str) -> Figure:
    told = {part.strip("_"): Decimal(value) for part, value in values.items()}
    return Figure(kind, unit, dt.date.fromisoformat(since), told, "通知")


SET = (
    figure("base", floor="4000", cap="20000"),
    figure("medical", employer="0.075", worker="0.02"),
    figure("work_injury", UNIT, class_="2"),
)


def paid(insurance: Insurance, amount: str, month: str = "2025-09", on: str = "2025-10-10") -> Paid:
    return Paid(insurance, month, dt.date.fromisoformat(on), Decimal(amount), Decimal(0))


def owed(
    wage: str | None = None,
    payments: Sequence[Paid] = (),
    figures: Sequence[Figure] = SET,
    day: dt.date = DUE,
    **changes: Any,
) -> Mapping[Insurance, Owed]:
    month = Month("2025-09", UNIT, DUE, Decimal(wage) if wage else None, changes.get("by_officer", False), payments)
    return {one.insurance: one for one in amounts.owed(month, day, LAW, Figures(figures))}


def test_a_declared_wage_gives_each_insurance_by_its_rate() -> None:
    found = owed("5000")
    shares = {name: (str(one.employer), str(one.worker)) for name, one in found.items()}
    assert shares == {
        "pension": ("800.00", "400.00"),
        "medical": ("375.00", "100.00"),
        "unemployment": ("30.00", "20.00"),
        "work_injury": ("20.00", "0.00"),
        "maternity": ("0", "0"),
    }
    assert {one.ground for one in found.values()} == {"declared", "with_medical"}
    assert amounts.missing(found.values()) == ["pension", "medical", "unemployment", "work_injury", "maternity"]


@pytest.mark.parametrize(
    ("wage", "base"), [("3999.99", "4000"), ("4000", "4000"), ("7000", "7000"), ("20001", "20000")]
)
def test_the_base_keeps_within_floor_and_cap(wage: str, base: str) -> None:
    assert owed(wage)["pension"].base == Decimal(base)


def test_floor_and_cap_are_shares_of_the_average_wage(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"social_insurance.average_wage": Decimal("7000"), "social_insurance.base_percent": None}

    class Known:
        day, scope = LAW.day, LAW.scope

        def amount(self, key: str, entry: str | None = None) -> Decimal:
            if known.get(key) is not None:
                return known[key] or Decimal(0)
            return LAW.amount(key, entry)

    assert amounts.limits(Known(), Figures()) == (Decimal("4200.00"), Decimal("21000.00"))  # type: ignore[arg-type]


def test_a_rate_that_nobody_knows_waits_for_a_person() -> None:
    found = owed("5000", figures=SET[:1])
    assert found["pension"].employer == Decimal("800.00")
    for insurance, why in (("medical", "medical_employer_rate"), ("work_injury", "class")):
        one = found[insurance]  # type: ignore[index]
        assert (one.ground, one.outstanding, one.met) == ("unknown", None, False)
        assert one.why is not None
        assert why in one.why
    assert amounts.total(one.outstanding for one in found.values()) is None


def test_without_a_known_base_nothing_is_calculated() -> None:
    assert owed("5000", figures=())["pension"].ground == "unknown"
    with pytest.raises(MissingParameter):
        amounts.limits(LAW, Figures())


def test_the_unemployment_rate_of_2026_is_a_persons() -> None:
    law = parameters.on(dt.date(2026, 3, 1), place="510603")
    with pytest.raises(MissingParameter):
        amounts.rates("unemployment", UNIT, law, Figures())
    told = Figures([figure("unemployment", since="2026-01-01", employer="0.006", worker="0.004")])
    assert amounts.rates("unemployment", UNIT, law, told) == Rates(Decimal("0.006"), Decimal("0.004"))
    assert [(one.key, one.source, one.verified) for one in told.used] == [
        ("set_by_officer.unemployment[employer]", "通知", False),
        ("set_by_officer.unemployment[worker]", "通知", False),
    ]


def test_a_figure_counts_from_its_day_and_for_its_unit() -> None:
    told = Figures(
        [
            figure("work_injury", UNIT, "2025-01-01", class_="2"),
            figure("work_injury", UNIT, "2025-09-02", class_="8"),
            figure("work_injury", "another", "2025-01-01", class_="5"),
        ]
    )
    assert amounts.rates("work_injury", UNIT, LAW, told).employer == Decimal("0.004")
    assert amounts.rates("work_injury", UNIT, LAW.on(dt.date(2025, 10, 1)), told).employer == Decimal("0.019")


def test_what_is_undeclared_is_no_single_persons_sum() -> None:
    """110 % is of the employer's sum (社会保险法 art. 62): nothing is reckoned of what was paid for one person."""
    found = owed(None, [paid("pension", "1000.00", "2025-08", "2025-09-10")])
    for insurance in ("pension", "medical", "unemployment", "work_injury"):
        one = found[insurance]
        assert (one.ground, one.employer, one.outstanding, one.late_fee, one.met) == ("deemed", None, None, None, False)
        assert "第62条" in (one.why or "")


@pytest.mark.parametrize(("wage", "base"), [("150", "4000"), ("2600", "4000"), ("9000", "9000")])
def test_a_part_months_wage_owes_the_whole_month(wage: str, base: str) -> None:
    """Contributions are declared and paid by the month (社会保险法 art. 60; 征缴条例 art. 10): whoever joins on its last day is owed
    at least the floor's whole, and no share by days is taken of base, floor, cap or rate."""
    found = owed(wage)
    assert found["pension"].base == Decimal(base)
    assert found["pension"].employer == Decimal(base) * Decimal("0.16")
    assert found["work_injury"].employer == Decimal(base) * Decimal("0.004")


def test_what_was_paid_without_a_declaration_is_met() -> None:
    found = owed(None, [paid(one, "10.00") for one in amounts.INSURANCES if one != "maternity"])
    assert amounts.missing(found.values()) == []
    assert (found["pension"].ground, found["maternity"].ground) == ("paid", "with_medical")


def test_less_than_the_declared_wage_gives_is_short() -> None:
    found = owed("5000", [paid("pension", "1000.00"), paid("unemployment", "50.00")])
    assert (found["pension"].paid, found["pension"].outstanding) == (Decimal("1000.00"), Decimal("200.00"))
    assert amounts.missing(found.values()) == ["pension", "medical", "work_injury", "maternity"]


def test_the_late_fee_grows_daily_on_what_is_missing() -> None:
    """0.05 % a day from the day after the last one, until it is paid and no longer."""
    day = DUE + dt.timedelta(days=10)
    assert owed("5000", day=DUE)["pension"].late_fee == Decimal("0.00")
    assert owed("5000", day=day)["pension"].late_fee == Decimal("6.00")
    late = [paid("pension", "1200.00", on="2025-10-20")]
    assert owed("5000", late, day=day)["pension"].late_fee == Decimal("3.00")
    part = [paid("pension", "600.00", on="2025-10-20")]
    found = owed("5000", part, day=day)["pension"]
    assert (found.outstanding, found.late_fee) == (Decimal("600.00"), Decimal("4.50"))


def test_another_months_payment_clears_nothing() -> None:
    found = owed("5000", [paid("pension", "1200.00", "2025-08")])
    assert found["pension"].paid == 0
    assert "pension" in amounts.missing(found.values())


def test_an_officers_wage_is_an_assessment() -> None:
    assert owed("5000", by_officer=True)["pension"].ground == "assessed"

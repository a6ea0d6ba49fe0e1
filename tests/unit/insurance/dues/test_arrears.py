"""What a unit owes for a month whose last day has passed: deemed by its own sum, declared, and with the late fee of each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from services.insurance.dues import arrears
from services.insurance.dues.amounts import INSURANCES, Figures, Month, Paid
from services.insurance.dues.amounts import owed as owed_for
from services.insurance.dues.arrears import UnitOwed
from shared.contracts.insurance import Insurance
from shared.policy.parameters import parameters
from tests.unit.insurance.dues.test_amounts import SET

UNIT = "91510600MA00000000"
LAW = parameters.on(dt.date(2025, 9, 1), place="510600")
DUE = dt.date(2025, 10, 15)
FOUR: Collection[Insurance] = [one for one in INSURANCES if one != "maternity"]


def paid(
    insurance: Insurance, employer: str, worker: str = "0", on: str = "2025-09-10", month: str = "2025-08"
) -> Paid:
    return Paid(insurance, month, dt.date.fromisoformat(on), Decimal(employer), Decimal(worker))


def undeclared(
    before: Sequence[Paid],
    came: Sequence[Paid] = (),
    lacking: Collection[Insurance] = FOUR,
    days: int = 0,
    settled: dict[Insurance, Decimal] | None = None,
) -> Mapping[Insurance, UnitOwed]:
    day = DUE + dt.timedelta(days=days)
    found = arrears.undeclared(before, came, lacking, settled or {}, DUE, day, LAW)
    return {one.insurance: one for one in found}


def test_undeclared_is_110_per_cent_of_the_units_last_month() -> None:
    """Of both shares of all people together: 1,000.00 + 333.33 + 0.02 give 1,466.69 (社会保险法 art. 62)."""
    before = [paid("pension", "800.00", "200.00"), paid("pension", "333.33"), paid("pension", "0.02")]
    one = undeclared(before)["pension"]
    assert (one.ground, one.amount, one.outstanding) == ("deemed", Decimal("1466.69"), Decimal("1466.69"))


def test_without_a_month_before_a_person_enters_the_wages() -> None:
    one = undeclared([paid("pension", "800.00")])["medical"]
    assert (one.ground, one.amount, one.outstanding, one.late_fee) == ("unknown", None, None, None)
    assert "征缴条例 第10条" in (one.why or "")


def test_what_was_paid_for_everybody_is_not_deemed() -> None:
    came = [paid("medical", "900.00", on="2025-10-25", month="2025-09")]
    found = undeclared([paid("pension", "1000"), paid("medical", "1000")], came, ["pension"], days=20)
    medical = found["medical"]
    assert (medical.ground, medical.amount, medical.outstanding) == ("paid", Decimal("900.00"), Decimal(0))
    assert medical.late_fee == Decimal("4.50")  # ten days late
    assert not medical.clear
    assert found["pension"].ground == "deemed"


def test_the_late_fee_of_what_is_deemed_is_reckoned() -> None:
    """0.05 % a day of 1,100, and of 600 from the day after 500 came (art. 86)."""
    before = [paid("pension", "1000.00")]
    assert undeclared(before)["pension"].late_fee == Decimal("0.00")
    assert undeclared(before, days=10)["pension"].late_fee == Decimal("5.50")
    part = [paid("pension", "500.00", on="2025-10-20", month="2025-09")]
    one = undeclared(before, part, days=10)["pension"]
    assert (one.paid, one.outstanding, one.late_fee) == (Decimal("500.00"), Decimal("600.00"), Decimal("4.25"))


def test_what_was_determined_once_stays() -> None:
    """Also where a payment for the month before is told of later."""
    assert undeclared([paid("pension", "9000")], settled={"pension": Decimal("1100.00")})["pension"].amount == 1100


def test_maternity_is_within_the_medical_contribution() -> None:
    one = undeclared([paid("medical", "1000")], lacking=INSURANCES)["maternity"]
    assert (one.ground, one.amount, one.clear) == ("with_medical", Decimal(0), True)
    own = undeclared([paid("maternity", "100")], lacking=INSURANCES)["maternity"]
    assert (own.ground, own.amount) == ("deemed", Decimal("110.00"))


def people(*wages: str | None, figures: Any = SET, days: int = 10, came: Sequence[Paid] = ()) -> dict[str, UnitOwed]:
    months = [Month("2025-09", UNIT, DUE, Decimal(wage) if wage else None, False, came) for wage in wages]
    day = DUE + dt.timedelta(days=days)
    found = arrears.declared([owed_for(month, day, LAW, Figures(figures)) for month in months])
    return {one.insurance: one for one in found}


def test_declared_wages_give_the_sum_of_all_people() -> None:
    """Bases of 5,000 and 4,000 (the floor): 24 % are 2,160.00, and ten days of 0.05 % of it 10.80."""
    one = people("5000", "1000")["pension"]
    assert (one.ground, one.amount, one.outstanding) == ("declared", Decimal("2160.00"), Decimal("2160.00"))
    assert one.late_fee == Decimal("10.80")


def test_a_value_that_nobody_knows_is_a_persons() -> None:
    found = people("5000", figures=SET[:1])
    assert found["pension"].outstanding == Decimal("1200.00")
    assert (found["medical"].ground, found["medical"].outstanding, found["medical"].late_fee) == ("unknown", None, None)
    assert "medical_employer_rate" in (found["medical"].why or "")


def test_who_was_left_out_of_a_declaration_waits_for_a_person() -> None:
    one = people("5000", None)["pension"]
    assert (one.ground, one.amount, one.outstanding) == ("unknown", None, None)
    assert "not declared" in (one.why or "")


def test_paid_without_a_declaration_is_paid() -> None:
    came = [paid("pension", "900", on="2025-10-10", month="2025-09")]
    assert people(None, came=came)["pension"].ground == "paid"

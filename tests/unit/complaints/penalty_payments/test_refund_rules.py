from __future__ import annotations

from decimal import Decimal

import pytest

from services.complaints.penalties.debt_rules import Back
from services.complaints.penalties.rules import Toward
from services.complaints.penalty_payments import rules
from shared.errors import Conflict, RuleBroken

BOTH = Back(fine=Decimal(300), confiscated=Decimal(100))
FINE = Back(fine=Decimal(300))
CONFISCATED = Back(confiscated=Decimal(100))


@pytest.mark.parametrize(
    ("said", "left", "found"),
    [
        (None, FINE, "fine"),
        (None, CONFISCATED, "confiscated"),
        (None, BOTH, None),
        ("fine", BOTH, "fine"),
        ("confiscated", FINE, "confiscated"),
    ],
)
def test_a_refund_is_of_the_one_sum_that_was_too_much(said: Toward | None, left: Back, found: Toward | None) -> None:
    assert rules.refunded_toward(said, left) == found


@pytest.mark.parametrize(("toward", "most"), [("fine", "300"), ("confiscated", "100"), (None, "400")])
def test_no_more_goes_back_than_is_too_much_of_a_sum(toward: Toward | None, most: str) -> None:
    rules.check_refund(Decimal(most), toward, BOTH)
    with pytest.raises(RuleBroken):
        rules.check_refund(Decimal(most) + Decimal("0.01"), toward, BOTH)


@pytest.mark.parametrize(("toward", "left"), [("fine", CONFISCATED), ("confiscated", FINE), (None, Back())])
def test_nothing_goes_back_of_what_was_not_too_much(toward: Toward | None, left: Back) -> None:
    with pytest.raises(Conflict):
        rules.check_refund(Decimal("0.01"), toward, left)
